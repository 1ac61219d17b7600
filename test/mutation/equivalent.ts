// Mutants that change nothing anybody could see, each with the reason: they are left out of the score.
export interface Equivalent {
  readonly file: string;
  /** What is mutated, and into what, as `--survivors` shows them. */
  readonly text: string;
  readonly replacement: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'handlers/making.ts',
    text: "''",
    replacement: '"Stryker was here!"',
    reason: 'what was attempted goes into the message of the error, of which only the name is looked at',
  },
  {
    file: 'handlers/ledger-locks.ts',
    text: 'read.holder === undefined',
    replacement: 'false',
    reason: 'the lease of a lock that nobody holds has ended: it is 0',
  },
];
