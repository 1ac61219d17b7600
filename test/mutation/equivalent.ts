// Mutants that change nothing anybody could see, each with the reason: they are left out of the score.
export interface Equivalent {
  readonly file: string;
  /** Text that is mutated, and the line it is in where the text occurs more than once. */
  readonly text: string;
  readonly replacement: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [];
