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
    ...Object.values(counts).map(count => String(count).padStart(10)),
  ].join('');

/** On one line, and not too long. */
const brief = (text: string) => text.replace(/\s+/g, ' ').slice(0, 100);

export function report(
  groups: readonly (readonly [name: string, files: readonly string[]])[],
  mutants: readonly Mutant[],
  equivalents: readonly Equivalent[],
  showsSurvivors: boolean,
): { readonly lines: string[]; readonly isEnough: boolean } {
  const named = (mutant: Mutant) =>
    equivalents.find(
      ({ file, text, replacement }) =>
        file === mutant.file && text === brief(mutant.text) && replacement === brief(mutant.replacement),
    );
  const isEquivalent = (mutant: Mutant) => missed.has(mutant.status) && named(mutant) !== undefined;
  const lines = [
    `${''.padEnd(38)}${'score'.padStart(8)}${['killed', 'timeout', 'survived', 'uncovered', 'equivalent'].map(name => name.padStart(10)).join('')}`,
  ];
  let isEnough = true;
  for (const [group, files] of groups) {
    const of = (file: string) => mutants.filter(one => one.file === file);
    const counts = countsOf(files.flatMap(of), isEquivalent);
    for (const file of files)
      if (of(file).length > 0) lines.push(row(`  ${file}`, countsOf(of(file), isEquivalent)));
    lines.push(row(group, counts), '');
    if (scoreOf(counts) < wanted) isEnough = false;
  }
  if (showsSurvivors) {
    for (const mutant of mutants) {
      if (!missed.has(mutant.status) || isEquivalent(mutant)) continue;
      const { file, line, text, replacement, status, mutatorName } = mutant;
      lines.push(`${status} ${file}:${line} ${mutatorName}: ${brief(text)} → ${brief(replacement)}`);
    }
  }
  for (const one of equivalents) {
    const isThere = mutants.some(mutant => isEquivalent(mutant) && named(mutant) === one);
    const isInRun = mutants.some(({ file }) => file === one.file);
    if (isInRun && !isThere) lines.push(`not needed any more: ${one.file}: ${one.text} → ${one.replacement}`);
  }
  const rest = mutants.filter(({ status }) => !noticed.has(status) && !missed.has(status));
  if (rest.length > 0) lines.push(`${rest.length} mutants could not be tried: ${rest[0]?.status}`);
  return { lines, isEnough };
}
