// Java's regular expressions, and what strings do with them.

/** Java's regular expressions where they differ in writing: inline flags, possessive quantifiers, \\Q…\\E. */
export function javaRegex(pattern: string, flags = ''): RegExp {
  let source = pattern.replace(/\\Q(.*?)(?:\\E|$)/gs, (_, text: string) =>
    text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'),
  );
  let all = flags;
  const inline = /^(\^?\(?\??:?)?\(\?([imsx]+)\)/.exec(source);
  if (inline?.[2]) {
    source = (inline[1] ?? '') + source.slice(inline[0].length);
    for (const flag of inline[2]) if (flag !== 'x' && !all.includes(flag)) all += flag;
  }
  return new RegExp(source.replace(/(?<!\\)([*+?}])\+/g, '$1'), all);
}

/** `$1` means the same in both; a backslash makes the next character literal in Java only. */
export function javaReplacement(text: string): (found: string, ...rest: unknown[]) => string {
  return (found, ...rest) => {
    // The groups stand before the match's offset, which is a number.
    const groups = [
      found,
      ...rest.slice(
        0,
        rest.findIndex(one => typeof one === 'number'),
      ),
    ];
    return text.replace(/\\(.)|\$(\d)/gs, (_, literal: string | undefined, group: string) => {
      if (literal !== undefined) return literal;
      if (Number(group) >= groups.length) throw new RangeError(`No group ${group}`);
      return String(groups[Number(group)] ?? '');
    });
  };
}

export function split(text: string, pattern: string, limit: number): string[] {
  const expression = javaRegex(pattern, 'g');
  const parts: string[] = [];
  let from = 0;
  for (const found of text.matchAll(expression)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (found[0] === '' && (found.index === 0 || found.index === text.length)) continue;
    parts.push(text.slice(from, found.index));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  // Java leaves empty strings at the end out, unless told how many parts to make.
  while (limit === 0 && parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}
