// What a target gets of an event: all of it, a constant, a part, or what a template makes of it.
import type { Target } from '@aws-sdk/client-eventbridge';
import { validation } from './errors.ts';
import type { BusEvent } from './model.ts';

type Values = Readonly<Record<string, unknown>>;

/** JSON text. */
export function payloadFor(
  target: Target,
  event: BusEvent,
  rule: { readonly arn: string; readonly name: string },
  ingestedAt: number,
): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath) ?? {});
  const template = target.InputTransformer?.InputTemplate;
  if (template === undefined) return JSON.stringify(event);
  const paths = Object.entries(target.InputTransformer?.InputPathsMap ?? {});
  const { detail: _, ...withoutDetail } = event;
  return fill(template, {
    ...Object.fromEntries(paths.map(([name, path]) => [name, valueAt(event, path)])),
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': new Date(ingestedAt).toISOString(),
    'aws.events.event': withoutDetail,
    'aws.events.event.json': event,
  });
}

/** Within quotes a value's text, elsewhere its JSON; what is not in the event leaves nothing in a text. */
function fill(template: string, values: Values): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (part, name: string | undefined) => {
    if (part === '"') isQuoted = !isQuoted;
    if (name === undefined || !Object.hasOwn(values, name)) return part;
    const value = values[name];
    if (!isQuoted) return JSON.stringify(value ?? null);
    if (value === undefined || value === null) return '';
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
  });
}

const step = /\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/y;

/** The names and positions that a path such as `$.detail.items[0].id` goes through. */
function stepsOf(path: string): readonly string[] {
  if (!path.startsWith('$')) throw validation(`Invalid JSON path: ${path}.`);
  const steps: string[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const [, name, position, quoted] = step.exec(path) ?? [];
    const found = name ?? position ?? quoted;
    if (found === undefined) throw validation(`Invalid JSON path: ${path}.`);
    steps.push(found);
  }
  return steps;
}

function valueAt(event: BusEvent, path: string): unknown {
  return stepsOf(path).reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Values)[name]
        : undefined,
    event,
  );
}

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Refuses what could never be sent. */
export function checkPayload({ Id, Input, InputPath, InputTransformer }: Target): void {
  const given = [Input, InputPath, InputTransformer].filter(one => one !== undefined);
  if (given.length > 1) {
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined && !isJson(Input)) throw validation(`JSON syntax error in Input for target ${Id}.`);
  if (InputPath !== undefined) stepsOf(InputPath);
  if (InputTransformer === undefined) return;
  const { InputPathsMap = {}, InputTemplate = '' } = InputTransformer;
  for (const [name, path] of Object.entries(InputPathsMap)) {
    if (/^aws/i.test(name)) throw validation(`Input path name ${name} is reserved for target ${Id}.`);
    stepsOf(path);
  }
  const used = [...InputTemplate.matchAll(/<([\w.-]+)>/g)].map(([, name = '']) => name);
  const unknown = used.find(name => !name.startsWith('aws.events.') && !Object.hasOwn(InputPathsMap, name));
  if (unknown !== undefined) {
    throw validation(`InputTemplate for target ${Id} contains placeholder ${unknown} without an input path.`);
  }
  if (InputTemplate.trim() === '') throw validation(`InputTemplate of target ${Id} must not be empty.`);
}
