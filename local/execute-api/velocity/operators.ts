// What Velocity's operators make of two values.
import { isEqual, isNumber, javaText } from './java.ts';
import { double, isDouble, type JavaNumber } from './java-number.ts';
import type { BinaryOperator } from './syntax.ts';

/** Only false and null are false: an empty string and 0 are true (Velocity 1.7). */
export const isTrue = (value: unknown) => value !== false && value !== null && value !== undefined;

/** All but `&&` and `||`, whose right side may not be looked at. */
export function operate(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  if (operator === '==') return isEqual(left, right);
  if (operator === '!=') return !isEqual(left, right);
  if (isNumber(left) && isNumber(right)) return calculate(operator, left, right);
  const hasText = typeof left === 'string' || typeof right === 'string';
  if (operator === '+' && hasText) return javaText(left) + javaText(right);
  return operator.startsWith('<') || operator.startsWith('>') ? false : null;
}

function calculate(operator: BinaryOperator, left: number | JavaNumber, right: number | JavaNumber): unknown {
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '/':
      if (b === 0) return null;
      return isDouble(left) || isDouble(right) ? double(a / b) : Math.trunc(a / b);
    default: {
      if (operator === '%' && b === 0) return null;
      const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a % b;
      return isDouble(left) || isDouble(right) ? double(result) : result;
    }
  }
}
