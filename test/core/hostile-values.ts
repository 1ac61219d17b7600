// Values that would break out of a form, a JSON text or a template that does not escape them.

const pieces = [
  '"',
  "'",
  '\\',
  '&',
  '=',
  '#',
  '$',
  '+',
  '%',
  '%26',
  ';',
  '/',
  '\r',
  '\n',
  '\t',
  '\0',
  '\u0001',
  '\u2028',
  '\u{1f600}',
  'é',
  ' ',
  "\\'",
  '\\"',
  '","Admin":"true',
  '&Action=DeleteTopic',
  '#set($x = 1)',
  '#if(true)',
  '#end',
  '#foreach($a in $b)',
  '$input.body',
  '$util.urlEncode("x")',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a Velocity reference
  '${x}',
  '$!x',
  '##',
  '#*',
  '*#',
  '#[[',
  ']]#',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  '</a>',
  'x',
  'Y',
  '0',
];

/** A seeded generator (mulberry32): the same hostile values in every run. */
export function hostileValues(seed: number, count: number): string[] {
  let state = seed;
  const next = (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
  const values = Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join(''),
  );
  return [...pieces, ...values];
}

/** Halves of characters, which no UTF-8 exists for. */
export const halves = ['\ud83d', '\ude00', 'a\ud83db'];
