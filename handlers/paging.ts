// API Gateway's lists, page after page: a position in an answer means that there is more.

interface Page<T> {
  readonly items?: readonly T[] | undefined;
  readonly position?: string | undefined;
}

/** Asks for the next page only when the items of the last one are used up. */
export async function* itemsOf<T>(
  ask: (page: { readonly limit: number; readonly position?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, undefined> {
  let position: string | undefined;
  do {
    // The largest page there is.
    const page: Page<T> = await ask({ limit: 500, ...(position && { position }) });
    yield* page.items ?? [];
    position = page.position;
  } while (position);
}
