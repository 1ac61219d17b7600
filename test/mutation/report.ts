// The figures of a mutation run: by file and by group, with what survived.
import type { Equivalent } from './equivalent.ts';

export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** What is mutated, and into what. */
  readonly text: string;
  readonly replacement: string;
  readonly mutatorName: string;
  readonly status: string;
}

/** Percentage of the mutants of each group that the tests have to notice. */
const wanted = 85;

const noticed = new Set(['Killed', 'Timeout']);
const missed = new Set(['Survived', 'NoCoverage']);

interface Counts {
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly uncovered: number;
  readonly equivalent: number;
}

function countsOf(mutants: readonly Mutant[], isEquivalent: (mutant: Mutant) => boolean): Counts {
  const real = mutants.filter(one => !isEquivalent(one));
  const count = (status: string) => real.filter(one => one.status === status).length;
  return {
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
    equivalent: mutants.length - real.length,
  };
}

const scoreOf = ({ killed, timeout, survived, uncovered }: Counts) =>
  (100 * (killed + timeout)) / Math.max(1, killed + timeout + survived + uncovered);

const row = (name: string, counts: Counts) =>
  [
    name.padEnd(38),
    `${scoreOf(counts).toFixed(1).padStart(6)} %`,
    ...Object.values(counts).map(count => String(count).padStart(11)),
  ].join('');

/** On one line, and not too long. */
const brief = (text: string) => text.replace(/\s+/g, ' ').slice(0, 100);

export interface Report {
  readonly lines: readonly string[];
  readonly survivors: readonly string[];
  readonly isEnough: boolean;
}

export function report(
  group: string,
  files: readonly string[],
  mutants: readonly Mutant[],
  equivalents: readonly Equivalent[],
): Report {
  const named = (mutant: Mutant) =>
    equivalents.find(
      ({ file, text, replacement }) =>
        file === mutant.file && text === brief(mutant.text) && replacement === brief(mutant.replacement),
    );
  const isMissed = ({ status }: Mutant) => missed.has(status);
  const isEquivalent = (mutant: Mutant) => isMissed(mutant) && named(mutant) !== undefined;
  const of = (file: string) =>
    countsOf(
      mutants.filter(one => one.file === file),
      isEquivalent,
    );
  const sum = countsOf(mutants, isEquivalent);
  const rest = mutants.filter(({ status }) => !noticed.has(status) && !missed.has(status));
  const needless = equivalents.filter(
    one => files.includes(one.file) && !mutants.some(mutant => isEquivalent(mutant) && named(mutant) === one),
  );
  return {
    lines: [
      ['score', 'killed', 'timeout', 'survived', 'uncovered', 'equivalent'].reduce(
        (line, name) => line + name.padStart(name === 'score' ? 8 : 11),
        ' '.repeat(38),
      ),
      ...files.map(file => row(`  ${file}`, of(file))),
      row(group, sum),
      ...needless.map(one => `equivalent no more: ${one.file}: ${one.text} → ${one.replacement}`),
      ...(rest.length > 0 ? [`${rest.length} mutants could not be tried: ${rest[0]?.status}`] : []),
    ],
    survivors: mutants
      .filter(mutant => isMissed(mutant) && !isEquivalent(mutant))
      .map(
        ({ file, line, text, replacement, status, mutatorName }) =>
          `${status} ${file}:${line} ${mutatorName}: ${brief(text)} → ${brief(replacement)}`,
      ),
    isEnough: scoreOf(sum) >= wanted && needless.length === 0,
  };
}
