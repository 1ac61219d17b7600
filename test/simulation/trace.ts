// A trace that a person can read: when, which execution, in which state, what was called on what, and what came back.
import type { CallTrace } from './clients.ts';

export function traceLines(trace: readonly CallTrace[]): string[] {
  const start = trace[0]?.at ?? 0;
  return trace.map(({ at, execution, in: where, call, on, fault, answer }) => {
    const time = ((at - start) / 1000).toFixed(2).padStart(9);
    return `${time} s  ${execution.padEnd(8)} ${where.padEnd(18)} ${call} ${on} → ${answer}${fault ? `  [${fault}]` : ''}`;
  });
}
