// Runs a parsed template: what it prints, with the variables it is given and those it sets.
import { isMap, itemOf, JavaList, javaText, propertyOf, put } from './java.ts';
import { methodOf } from './java-methods.ts';
import { isTrue, operate } from './operators.ts';
import { parseTemplate } from './parse.ts';
import { type BinaryOperator, type Expression, type Node, type Reference, TemplateError } from './syntax.ts';

/** API Gateway's limit for the turns of a loop. */
const mostTurns = 1000;

type Ending = 'break' | 'stop' | undefined;

class Definition {
  readonly body: readonly Node[];
  constructor(body: readonly Node[]) {
    this.body = body;
  }
}

/** @throws TemplateError, or what a method that was called throws. */
export function evaluate(template: string, variables: Readonly<Record<string, unknown>>): string {
  const evaluator = new Evaluator(new Map(Object.entries(variables)));
  evaluator.run(parseTemplate(template));
  return evaluator.text;
}

class Evaluator {
  text = '';
  readonly #variables: Map<string, unknown>;

  constructor(variables: Map<string, unknown>) {
    this.#variables = variables;
  }

  run(nodes: readonly Node[]): Ending {
    for (const node of nodes) {
      const ending = this.#runNode(node);
      if (ending) return ending;
    }
    return undefined;
  }

  #runNode(node: Node): Ending {
    switch (node.kind) {
      case 'text':
        this.text += node.text;
        return undefined;
      case 'reference':
        this.text += this.#print(node);
        return undefined;
      case 'set':
        this.#assign(node.target, this.#valueOf(node.value));
        return undefined;
      case 'if': {
        const branch = node.branches.find(({ condition }) => !condition || isTrue(this.#valueOf(condition)));
        return branch && this.run(branch.body);
      }
      case 'foreach':
        return this.#loop(node.name, itemsOf(this.#valueOf(node.items)), node.body);
      case 'define':
        this.#variables.set(node.name, new Definition(node.body));
        return undefined;
      default:
        return node.kind;
    }
  }

  /** What refers to nothing prints nothing (recorded on AWS), unlike in other uses of Velocity. */
  #print({ reference, source, backslashes }: Extract<Node, { kind: 'reference' }>): string {
    if (backslashes % 2 === 1) return '\\'.repeat(backslashes >> 1) + source;
    const value = this.#resolve(reference);
    return '\\'.repeat(backslashes >> 1) + (value === undefined || value === null ? '' : javaText(value));
  }

  #loop(name: string, items: readonly unknown[], body: readonly Node[]): Ending {
    const names = [name, 'foreach', 'velocityCount', 'velocityHasNext'];
    const before = names.map(one => [one, this.#variables.get(one)] as const);
    const parent = this.#variables.get('foreach') ?? null;
    let ending: Ending;
    for (const [index, item] of items.slice(0, mostTurns).entries()) {
      const hasNext = index < items.length - 1;
      const foreach = { index, count: index + 1, hasNext, first: index === 0, last: !hasNext, parent };
      this.#variables.set(name, item);
      this.#variables.set('foreach', foreach);
      this.#variables.set('velocityCount', index + 1);
      this.#variables.set('velocityHasNext', hasNext);
      ending = this.run(body);
      if (ending) break;
    }
    for (const [one, value] of before) this.#variables.set(one, value);
    return ending === 'stop' ? ending : undefined;
  }

  #assign({ name, path }: Reference, value: unknown): void {
    const last = path.at(-1);
    if (!last) {
      this.#variables.set(name, value);
      return;
    }
    const holder = this.#resolve({ name, path: path.slice(0, -1) });
    if (last.kind === 'property' && isMap(holder)) put(holder, last.name, value);
    if (last.kind === 'index') {
      const index = this.#valueOf(last.index);
      if (Array.isArray(holder)) holder[Number(index)] = value;
      else if (isMap(holder)) put(holder, javaText(index), value);
    }
  }

  #resolve({ name, path }: Reference): unknown {
    let value = this.#variables.get(name);
    if (value instanceof Definition) value = this.#printed(value.body);
    for (const step of path) {
      if (value === undefined || value === null) return null;
      if (step.kind === 'property') value = propertyOf(value, step.name);
      else if (step.kind === 'index') value = itemOf(value, this.#valueOf(step.index));
      else value = methodOf(value, step.name)?.(...step.args.map(arg => this.#valueOf(arg)));
    }
    return value;
  }

  #printed(nodes: readonly Node[]): string {
    const inner = new Evaluator(this.#variables);
    inner.run(nodes);
    return inner.text;
  }

  #valueOf(expression: Expression): unknown {
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'template':
        return this.#printed(parseTemplate(expression.text));
      case 'reference':
        return this.#resolve(expression.reference);
      case 'list':
        return JavaList.from(expression.items.map(item => this.#valueOf(item)));
      case 'range':
        return rangeOf(Number(this.#valueOf(expression.from)), Number(this.#valueOf(expression.to)));
      case 'map': {
        const map = {};
        for (const [key, value] of expression.entries) {
          put(map, javaText(this.#valueOf(key)), this.#valueOf(value));
        }
        return map;
      }
      case 'not':
        return !isTrue(this.#valueOf(expression.operand));
      case 'minus':
        return -Number(this.#valueOf(expression.operand));
      default:
        return this.#operate(expression.operator, expression.left, expression.right);
    }
  }

  #operate(operator: BinaryOperator, leftSide: Expression, rightSide: Expression): unknown {
    const left = this.#valueOf(leftSide);
    if (operator === '&&') return isTrue(left) && isTrue(this.#valueOf(rightSide));
    if (operator === '||') return isTrue(left) || isTrue(this.#valueOf(rightSide));
    const right = this.#valueOf(rightSide);
    return operate(operator, left, right);
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}

function rangeOf(from: number, to: number): JavaList {
  const size = Math.abs(to - from) + 1;
  if (!(size <= 1e6)) throw new TemplateError(`a range from ${from} to ${to}`);
  const step = to < from ? -1 : 1;
  return JavaList.from({ length: size }, (_, index) => from + index * step);
}
