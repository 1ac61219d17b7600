// Values that would break out of a form, a JSON text or a template that does not escape them.
import { seeded } from '../random.ts';

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

export function hostileValues(seed: number, count: number): string[] {
  const random = seeded(seed);
  const values = Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.below(6) }, () => random.of(pieces)).join(''),
  );
  return [...pieces, ...values];
}

/** Halves of characters, which no UTF-8 exists for. */
export const halves = ['\ud83d', '\ude00', 'a\ud83db'];
