// Collects what is wrong with a definition, with the checks that many fields share.
import jsonata from 'jsonata';
import { expressionIn } from './expression.ts';
import { isObject } from './json.ts';
import { readsErrorOutput, topLevelReferences } from './references.ts';

export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly location: string | null;
}

export class Problems {
  readonly found: Diagnostic[] = [];
  readonly #stateNames = new Set<string>();

  add(code: string, message: string, location: string | null): void {
    this.found.push({ code, message, location });
  }

  schema(message: string, location: string): void {
    this.add('SCHEMA_VALIDATION_FAILED', message, location);
  }

  checkRequired(value: Readonly<Record<string, unknown>>, fields: readonly string[], at: string): void {
    const missing = fields.filter(field => value[field] === undefined);
    if (missing.length > 0) this.schema(`These fields are required: [${missing.join(', ')}]`, at);
  }

  checkFields(value: Readonly<Record<string, unknown>>, allowed: readonly string[], at: string): void {
    for (const field of Object.keys(value)) {
      if (!allowed.includes(field)) this.schema(`Field '${field}' is not supported`, at);
    }
  }

  checkOneOf(value: unknown, allowed: readonly string[], at: string): void {
    if (value === undefined || (typeof value === 'string' && allowed.includes(value))) return;
    this.schema(`Value is not one of [${allowed.join(', ')}]`, at);
  }

  checkInteger(value: unknown, minimum: number, at: string): void {
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum) return;
    this.schema(`The value must be an integer of at least ${minimum}`, at);
  }

  checkText(value: unknown, at: string): value is string {
    if (typeof value === 'string') return true;
    this.schema('The value must be a string', at);
    return false;
  }

  /** Names are unique in the whole machine, branches and iterations included. */
  checkStateName(name: string, at: string): void {
    if (name.length > 80) this.schema('State names must have at most 80 characters', at);
    if (this.#stateNames.has(name)) this.add('DUPLICATE_STATE_NAME', `Duplicate State name: ${name}`, at);
    this.#stateNames.add(name);
  }

  /** Every expression within the value parses, and refers only to what there is. */
  checkExpressions(value: unknown, at: string, hasErrorOutput: boolean): void {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries())
        this.checkExpressions(item, `${at}[${index}]`, hasErrorOutput);
    } else if (isObject(value)) {
      for (const [name, member] of Object.entries(value)) {
        this.checkExpressions(member, `${at}/${name}`, hasErrorOutput);
      }
    } else if (typeof value === 'string') {
      const source = expressionIn(value);
      if (source !== undefined) this.#checkExpression(source, at, hasErrorOutput);
    }
  }

  #checkExpression(source: string, at: string, hasErrorOutput: boolean): void {
    let ast: unknown;
    try {
      ast = jsonata(source).ast();
    } catch (thrown) {
      this.add('INVALID_JSONATA_EXPRESSION', isObject(thrown) ? String(thrown.message) : String(thrown), at);
      return;
    }
    for (const name of topLevelReferences(ast)) {
      const message = `Reference to '${name}' at the top level is not supported.`;
      this.add('UNSUPPORTED_JSONATA_EXPRESSION', message, at);
    }
    if (!hasErrorOutput && readsErrorOutput(source)) {
      this.add('UNSUPPORTED_JSONATA_EXPRESSION', "'$states.errorOutput' is only available in a Catch.", at);
    }
  }
}
