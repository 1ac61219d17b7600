// What differs between two requests that should say the same to a service, parameter by parameter.
import { isDeepStrictEqual } from 'node:util';
import { isQuery, isRest } from '../../core/binding.ts';
import type { Operation } from '../../core/operation.ts';
import type { SentRequest } from './sent-request.ts';
import { type Element, xmlOf } from './xml-tree.ts';

const shown = (value: unknown) => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

const differ = (what: string, expected: unknown, actual: unknown): string[] =>
  isDeepStrictEqual(expected, actual) ? [] : [`${what}: ${shown(actual)} instead of ${shown(expected)}`];

function byName(
  kind: string,
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap(name => differ(`${kind} ${name}`, expected[name], actual[name]));
}

const bodyText = ({ body }: SentRequest) => Buffer.from(body).toString();

/** The query protocols take their parameters from the URL and the body alike. */
function formOf(request: SentRequest): Record<string, unknown> {
  const fromUrl = Object.entries(request.query).map(([name, values]) => [name, values.join()]);
  const form: Record<string, unknown> = Object.fromEntries(fromUrl);
  for (const [name, value] of new URLSearchParams(bodyText(request))) {
    form[name] = name in form ? [form[name], value].flat() : value;
  }
  return form;
}

/** AWS's SDKs differ among themselves in a slash at the end. */
const decodedPath = (path: string) =>
  path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .map(decodeURIComponent);
/** The SDK names the operation in the URL of S3 for its own sake. */
const ownQuery = ({ query }: SentRequest) =>
  Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'x-id'));

function elementDifferences(
  at: string,
  expected: Element | undefined,
  actual: Element | undefined,
): string[] {
  if (!expected || !actual) return differ(`element ${at}`, expected, actual);
  const path = `${at}/${expected.name}`;
  const length = Math.max(expected.children.length, actual.children.length);
  return [
    ...differ(`element ${path}`, expected.name, actual.name),
    ...differ(`attributes of ${path}`, expected.attributes, actual.attributes),
    ...differ(`text of ${path}`, expected.text, actual.text),
    ...Array.from({ length }, (_, index) => index).flatMap(index =>
      elementDifferences(path, expected.children[index], actual.children[index]),
    ),
  ];
}

const jsonOf = (request: SentRequest): Record<string, unknown> => JSON.parse(bodyText(request) || '{}');

function bodyDifferences(operation: Operation, expected: SentRequest, actual: SentRequest): string[] {
  const { input, protocol } = operation;
  const payload = operation.shapes[input?.members?.[input.payload ?? '']?.shape ?? ''];
  if (payload?.type === 'blob' || payload?.type === 'string') {
    return differ(
      'body',
      Buffer.from(expected.body).toString('hex'),
      Buffer.from(actual.body).toString('hex'),
    );
  }
  if (protocol !== 'rest-xml') return byName('member', jsonOf(expected), jsonOf(actual));
  return elementDifferences('', xmlOf(bodyText(expected)), xmlOf(bodyText(actual)));
}

/** Headers that the client computes whatever the input says. */
const clientsOwn = new Set(['content-length', 'x-amz-checksum-mode', 'x-amz-sdk-checksum-algorithm']);

export function differencesOf(operation: Operation, expected: SentRequest, actual: SentRequest): string[] {
  if (isQuery(operation)) {
    const { Version, ...form } = formOf(expected);
    const { Version: sent = Version, ...sentForm } = formOf(actual);
    return byName('parameter', { Version, ...form }, { Version: sent, ...sentForm });
  }
  const names = Object.entries(operation.input?.members ?? {}).flatMap(
    ([name, { location, locationName }]) =>
      location === 'header' ? [(locationName ?? name).toLowerCase()] : [],
  );
  const prefixes = Object.values(operation.input?.members ?? {}).flatMap(({ location, locationName }) =>
    location === 'headers' ? [locationName ?? ''] : [],
  );
  const isCompared = (name: string) =>
    (names.includes(name) && !clientsOwn.has(name)) ||
    prefixes.some(prefix => prefix !== '' && name.startsWith(prefix));
  const own = ({ headers }: SentRequest) =>
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        isCompared(name) ? [[name, value.replaceAll(', ', ',')]] : [],
      ),
    );
  const common = [
    ...byName('header', own(expected), own(actual)),
    ...bodyDifferences(operation, expected, actual),
  ];
  if (!isRest(operation)) {
    const type = (request: SentRequest) => request.headers['content-type'];
    const target = (request: SentRequest) => request.headers['x-amz-target'];
    return [
      ...common,
      ...differ('Content-Type', type(expected), type(actual)),
      ...differ('X-Amz-Target', target(expected), target(actual)),
    ];
  }
  return [
    ...differ('method', expected.method, actual.method),
    ...differ('path', decodedPath(expected.path), decodedPath(actual.path)),
    ...byName('query', ownQuery(expected), ownQuery(actual)),
    ...common,
  ];
}
