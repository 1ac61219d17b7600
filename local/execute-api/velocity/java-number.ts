// Numbers as Java prints them, and those that a JavaScript number cannot hold as written.

export class JavaNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** Whether Java reads it as a Double: 1.0 and 1e3 are no whole numbers to it. */
  get isDouble(): boolean {
    return /[.eE]/.test(this.text);
  }
  valueOf(): number {
    return Number(this.text);
  }
  toString(): string {
    return this.isDouble ? doubleText(Number(this.text)) : this.text;
  }
}

export const isDouble = (value: number | JavaNumber): boolean =>
  typeof value === 'number' ? !Number.isInteger(value) : value.isDouble;

/** What is calculated with a Double is one again. */
export const double = (value: number): number | JavaNumber =>
  Number.isInteger(value) ? new JavaNumber(`${value}.0`) : value;

export const numberText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : doubleText(value);

/** Double.toString: 1.0, 0.5, 1.2345678E7. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return '0.0';
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}
