// Mapping templates by content type. AWS keeps an empty template as null.

export function templatesOf(
  templates: Record<string, string> | undefined,
): Record<string, string> | undefined {
  if (!templates) return undefined;
  // The SDK types templates as text, though AWS answers null for empty ones.
  const kept = Object.entries(templates).map(([type, template]) => [type, template || null]);
  return Object.fromEntries(kept) as Record<string, string>;
}
