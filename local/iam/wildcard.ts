// Matches IAM's wildcards (`*`, `?`) and fills in policy variables such as `${aws:PrincipalTag/team}`.
import type { ConditionContext } from './conditions.ts';

/** Linear in time: the last `*` seen is the only place to come back to. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const expected = pattern[p];
    if (expected === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (expected === '?' || expected === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** A variable without a value makes the pattern match nothing, as in IAM. */
export function withVariables(pattern: string, context: ConditionContext): string {
  return pattern.replace(/\$\{([^}]+)\}/g, (_, variable: string) => {
    if (variable === '*' || variable === '?' || variable === '$') return variable;
    const [key = '', fallback] = variable.split(/,\s*/);
    const value = context[key.toLowerCase()];
    return typeof value === 'string' ? value : (fallback?.replace(/^'|'$/g, '') ?? '\0');
  });
}
