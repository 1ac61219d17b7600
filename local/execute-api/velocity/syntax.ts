// What a Velocity template consists of, once parsed.
import type { JavaNumber } from './java-number.ts';

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'reference';
      readonly reference: Reference;
      /** As written, for an escaped one. */
      readonly source: string;
      readonly backslashes: number;
    }
  | { readonly kind: 'set'; readonly target: Reference; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] }
  | {
      readonly kind: 'foreach';
      readonly name: string;
      readonly items: Expression;
      readonly body: readonly Node[];
    }
  | { readonly kind: 'define'; readonly name: string; readonly body: readonly Node[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'stop' };

export interface Branch {
  /** Absent in `#else`. */
  readonly condition?: Expression;
  readonly body: readonly Node[];
}

export interface Reference {
  readonly name: string;
  readonly path: readonly Step[];
}

export type Step =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'index'; readonly index: Expression };

export type BinaryOperator =
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export type Expression =
  | { readonly kind: 'constant'; readonly value: string | number | JavaNumber | boolean | null }
  /** A string in double quotes, itself a template. */
  | { readonly kind: 'template'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: 'not' | 'minus'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** The template cannot be read, or not be run: API Gateway then answers 500. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
