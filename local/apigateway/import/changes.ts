// An import on its way: the calls it makes on one API, what they are refused with, and the way back.
import { type Aws, type Operation, ServiceError } from '../../service.ts';
import { badRequest } from '../errors.ts';
import { collections } from '../model.ts';

/** Runs an operation of API Gateway. */
export type Run = (operation: string, input: object) => ReturnType<Operation>;

export interface Import {
  readonly aws: Aws;
  readonly restApiId: string;
  readonly isOverwrite: boolean;
  /** Does one thing of many: what it is refused with is noted under `what`. */
  attempt<T>(what: string, work: () => T): T | undefined;
  run(operation: string, input: object): unknown;
  warn(...warnings: readonly string[]): void;
}

/** Everything that is kept of one API. */
function contentOf(aws: Aws, restApiId: string): Map<string, Map<string, unknown>> {
  return new Map(
    Object.entries(collections(aws)).map(([name, collection]) => {
      const entries: [string, unknown][] = [...collection.keys()]
        .filter(key => key === restApiId || key.startsWith(`${restApiId}/`))
        .map(key => [key, collection.get(key)]);
      return [name, new Map(entries)];
    }),
  );
}

function putBack(aws: Aws, restApiId: string, before: Map<string, Map<string, unknown>>): void {
  for (const [name, collection] of Object.entries(collections(aws))) {
    const kept = before.get(name) ?? new Map();
    for (const key of contentOf(aws, restApiId).get(name)?.keys() ?? [])
      if (!kept.has(key)) collection.delete(key);
    for (const [key, document] of kept) {
      // biome-ignore lint/suspicious/noExplicitAny: the document comes from this very collection.
      if (collection.get(key) !== document) collection.set(key, document as any);
    }
  }
}

/** All or nothing: with an error, or with a warning where these are to fail it, the API is as it was. */
export function importing(
  {
    aws,
    restApiId,
    isOverwrite,
    failOnWarnings,
  }: Pick<Import, 'aws' | 'restApiId' | 'isOverwrite'> & {
    readonly failOnWarnings: boolean;
  },
  run: Run,
  work: (one: Import) => void,
): readonly string[] {
  const errors: string[] = [];
  const warnings: string[] = [];
  const before = contentOf(aws, restApiId);
  work({
    aws,
    restApiId,
    isOverwrite,
    run: (operation, input) => run(operation, { restApiId, ...input }),
    warn: (...found) => void warnings.push(...found),
    attempt(what, one) {
      try {
        return one();
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        errors.push(`${what}: ${error.message}`);
        return undefined;
      }
    },
  });
  const failed = errors.length > 0 ? errors : failOnWarnings ? warnings : [];
  if (failed.length > 0) {
    putBack(aws, restApiId, before);
    const kind = errors.length > 0 ? 'Errors' : 'Warnings';
    throw badRequest(`${kind} found during import:${failed.map(line => `\n\t${line}`).join('')}`);
  }
  return warnings;
}
