// A place in a template's text, and what can be read from there.
import { TemplateError } from './syntax.ts';

export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.at);
  }

  /** Takes the part if it comes next. */
  take(part: string): boolean {
    if (!this.startsWith(part)) return false;
    this.at += part.length;
    return true;
  }

  /** Takes what a sticky pattern matches here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  skipSpace(): void {
    this.match(/\s+/y);
  }

  expect(part: string): void {
    if (!this.take(part)) throw this.error(`expected ${part}`);
  }

  error(problem: string): TemplateError {
    const line = this.text.slice(0, this.at).split('\n').length;
    return new TemplateError(`${problem} in line ${line}: ${this.text.slice(this.at, this.at + 40)}`);
  }
}
