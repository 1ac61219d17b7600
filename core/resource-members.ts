// Which input members name the resource an operation works on: a role for one resource fixes them, and the other way round.
import type { Operation, Target } from './operation.ts';

/** What API Gateway's partition adds to a host name. */
const dnsSuffix = ({ partition }: Target) => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com');

/** Parts of a name that hold slashes or colons: object keys, paths, a function's qualifier. */
const longPlace = /Key|Object|Path|LogGroup|Parameter|Secret|Repository/;
const patternOf = (place: string): string => {
  if (place === 'endpoint') return 'https?://[^/]+';
  if (place === 'FunctionName') return '[^:/]+(?::[^:/]+)?';
  return longPlace.test(place) ? '.+' : '[^:/]+';
};

export const placesOf = (format: string): string[] =>
  [...format.matchAll(/\{([A-Za-z]+)\}/g)].flatMap(match => match[1] ?? []);

type Places = Readonly<Record<string, string>>;

/** The target's own parts of an ARN. */
export const targetPlaces = (target: Target): Places => ({
  partition: target.partition,
  region: target.region,
  account: target.account,
});

export function fill(format: string, places: Places): string {
  return format.replaceAll(/\{([A-Za-z]+)\}/g, (whole, place: string) => places[place] ?? whole);
}

/** The values that stand in a format's places; undefined where the text is not of that form. */
export function readPlaces(format: string, text: string): Places | undefined {
  const places = placesOf(format);
  const parts = format.split(/\{[A-Za-z]+\}/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const source = parts
    .map((part, index) => part + (places[index] ? `(${patternOf(places[index])})` : ''))
    .join('');
  const match = new RegExp(`^${source}$`).exec(text);
  if (!match) return undefined;
  return Object.fromEntries(places.map((place, index) => [place, match[index + 1] ?? '']));
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Member → how its value is made of the places of the operation's ARN formats; names before whole ARNs. */
function memberFormats(operation: Operation): [member: string, format: string][] {
  const formats = operation.iam.resources;
  const places = new Set(formats.flatMap(placesOf));
  const found: [string, string][] = [];
  for (const [member, { shape }] of Object.entries(operation.input?.members ?? {})) {
    if (operation.shapes[shape]?.type !== 'string') continue;
    const place = [...places].find(
      name => plain(name) === plain(member) || plain(name) === `${plain(member)}name`,
    );
    if (place && place !== 'account' && place !== 'region') found.push([member, `{${place}}`]);
    else if (operation.service === 'sqs' && member === 'QueueUrl')
      found.push([member, '{endpoint}/{account}/{QueueName}']);
  }
  for (const member of Object.keys(operation.input?.members ?? {})) {
    const stem = /^(.+)arn$/i.exec(member)?.[1];
    const format = formats.find(one =>
      placesOf(one).some(place => stem && plain(place) === `${plain(stem)}name`),
    );
    if (format) found.push([member, format]);
  }
  return found;
}

/**
 * Members that the one resource a role may touch leaves no choice for: its table's, topic's or queue's name.
 * A wildcard leaves the choice open.
 */
export function fixedByResource(
  operation: Operation,
  resources: readonly string[],
  target: Target,
): ReadonlyMap<string, string> {
  const fixed = new Map<string, string>();
  const [arn] = resources;
  if (arn === undefined || resources.length > 1) return fixed;
  const format = operation.iam.resources.find(one => readPlaces(one, arn));
  const read = format && readPlaces(format, arn);
  if (!read) return fixed;
  const known: Record<string, string> = {
    ...Object.fromEntries(Object.entries(read).filter(([, value]) => !/[*?]/.test(value))),
    ...targetPlaces(target),
    endpoint: `https://${operation.endpointPrefix}.${target.region}.${dnsSuffix(target)}`,
  };
  const used = new Set<string>();
  for (const [member, text] of memberFormats(operation)) {
    const places = placesOf(text).filter(
      place => place in read && !['partition', 'region', 'account'].includes(place),
    );
    // A name and an ARN of the same thing: one of them is enough.
    if (places.some(place => used.has(place)) || placesOf(text).some(place => !(place in known))) continue;
    for (const place of places) used.add(place);
    fixed.set(member, fill(text, known));
  }
  return fixed;
}

/** What constants say about the places of ARNs: the bucket's name, or the parts of a queue's URL. */
export function placesFromConstants(operation: Operation, constants: ReadonlyMap<string, string>): Places {
  const places: Record<string, string> = {};
  for (const [member, format] of memberFormats(operation)) {
    const value = constants.get(member);
    const read = value === undefined ? undefined : readPlaces(format, value);
    for (const [place, text] of Object.entries(read ?? {})) places[place] ??= text;
  }
  return places;
}
