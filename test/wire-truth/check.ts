// Checks one operation: a random input sent by AWS's SDK client and through a derived route must be the same request.
import { hasBody, isOwnXml, isRest } from '../../core/binding.ts';
import type { Parameter } from '../../core/input.ts';
import type { Member, Operation } from '../../core/operation.ts';
import { defaultHttpMethod } from '../../core/parameters.ts';
import { isRecord } from '../../core/template-text.ts';
import { derive } from '../core/derived.ts';
import { type Random, seeded, seedOf } from '../random.ts';
import { asJson, callerRequest } from './caller-request.ts';
import { differencesOf } from './differences.ts';
import { type Gateway, requestId } from './integration-request.ts';
import { type Input, InputMaker } from './random-input.ts';
import { sdkRequest } from './sdk-request.ts';
import { traitsOf } from './traits.ts';

export interface Skipped {
  readonly skipped: string;
}

export interface Outcome {
  readonly differences: readonly string[];
  /** Members that a route cannot take, with the reason. */
  readonly refusals: readonly string[];
  readonly traits: ReadonlySet<string>;
  /** Whether the route's own validation let the request through, too. */
  readonly isValidated: boolean;
}

const carriesBody = ({ protocol, input }: Operation): boolean =>
  protocol !== 'query' && Object.values(input?.members ?? {}).some(({ location }) => location === undefined);

function methodOf(operation: Operation): string {
  if (!isRest(operation)) return 'POST';
  const own = defaultHttpMethod(operation);
  return carriesBody(operation) && !hasBody(own) ? 'POST' : own;
}

/** One variable for each place of the service's own path; a greedy one ends a path. */
function pathOf({ http, input }: Operation): string {
  const labels = Object.entries(input?.members ?? {}).filter(([, { location }]) => location === 'uri');
  const isGreedy = (name: string, member: Member) => http.uri.includes(`{${member.locationName ?? name}+}`);
  const sorted = [...labels].sort((a, b) => Number(isGreedy(...a)) - Number(isGreedy(...b)));
  const parts = sorted.map(([name, member]) => `/{${name}${isGreedy(name, member) ? '+' : ''}}`);
  return parts.join('') || '/x';
}

/** Where a member comes from: its own place, or now and then a constant. */
function parameterOf(
  operation: Operation,
  member: Member,
  name: string,
  value: unknown,
  random: Random,
): Parameter | undefined {
  const isWhole = isRest(operation) && operation.input?.payload === name;
  if (member.location === 'headers' || (random.chance(0.15) && !isWhole && member.location !== 'uri')) {
    return { value: asJson(operation, member, value) };
  }
  if (member.location === 'header') return { from: 'header' };
  if (member.location === 'querystring') return { from: 'query' };
  if (member.location === 'uri' || isWhole || operation.protocol === 'rest-xml') return undefined;
  return { from: 'body' };
}

/** What the SDK client does of its own with these members is no serialisation: it signs, hashes or redirects. */
const ownDoing: Readonly<Record<string, RegExp>> = {
  events: /^EndpointId$/,
  s3: /^(?:\w*SSECustomerKey\w*|Checksum\w*|ContentMD5|ContentLength|MFA)$/,
};

const without = (input: Input, names: ReadonlySet<string>): Input =>
  Object.fromEntries(Object.entries(input).filter(([name]) => !names.has(name)));

export async function checkOperation(
  operation: Operation,
  gateway: Gateway,
  round: number,
): Promise<Outcome | Skipped> {
  const { service, action } = operation;
  const random = seeded(seedOf(`${service} ${action} ${round}`));
  const maker = new InputMaker(operation, random, round % 3 === 2);
  const members = operation.input?.members ?? {};
  const isEmpty = (value: unknown) =>
    isRecord(value) && !(value instanceof Uint8Array) && Object.keys(value).length === 0;
  const made = Object.entries(maker.make()).filter(
    ([name, value]) =>
      !ownDoing[service]?.test(name) && !(name === operation.input?.payload && isEmpty(value)),
  );
  let input: Input = Object.fromEntries(made);
  const lacking = (operation.input?.required ?? []).filter(name => !(name in input));
  if (lacking.length > 0) return { skipped: `no example of ${lacking.join(', ')} is known` };
  const parameters: Record<string, Parameter> = {};
  for (const [name, value] of Object.entries(input)) {
    const parameter = parameterOf(operation, members[name] ?? { shape: '' }, name, value, random);
    if (parameter) parameters[name] = parameter;
  }
  const httpMethod = methodOf(operation);
  const path = pathOf(operation);
  const refusals: string[] = [];
  let derived = derive(operation, { httpMethod, path, parameters });
  if (derived.derivation.length > 0) {
    const refused = new Set<string>();
    for (const { path: at, message } of derived.derivation) {
      const name = at.split('.')[2] ?? '';
      refused.add(name);
      delete parameters[name];
      refusals.push(`${name} ${message}`);
    }
    input = without(input, refused);
    derived = derive(operation, { httpMethod, path, parameters });
  }
  const tokens = Object.entries(members).flatMap(([name, { idempotencyToken }]) =>
    idempotencyToken && !(name in input) ? [[name, requestId]] : [],
  );
  const expected = await sdkRequest(service, action, { ...Object.fromEntries(tokens), ...input });
  const written = callerRequest(operation, derived.members, input);
  // XML that comes with its checksum is the caller's own: there the integration changes nothing.
  const caller = isOwnXml(operation) ? { ...written, body: expected.body } : written;
  const isValidated = maker.unmatched.size === 0 && refusals.length === 0;
  const actual = await gateway.send(derived.definition, httpMethod, path, caller, isValidated);
  const differences =
    'refused' in actual ? [`refused: ${actual.refused}`] : differencesOf(operation, expected, actual);
  return { differences, refusals, traits: traitsOf(operation, input), isValidated };
}
