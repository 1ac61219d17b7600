// Hostile execution inputs, the same for the same seed: valid ones bent in some places, arbitrary documents, raw bytes.
import { type Random, seeded } from '../random.ts';

const strings = [
  '',
  ' ',
  '/',
  '//',
  '/ping',
  '/sping',
  '/ping/x',
  '/a/../b',
  '/{a}/{a}',
  '/{proxy+}/x',
  '/{}',
  '/é',
  '/\u{1f600}',
  '\u0000',
  '\ud800',
  '\u202e/gnp',
  '\ufeff/x',
  'İ',
  'ſns',
  'ＳＮＳ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'sns',
  'SNS',
  'sNs',
  'iam',
  'sts',
  'kms',
  '../../etc/passwd',
  'sns/../iam',
  '*',
  'ListTopics',
  'listtopics',
  'AssumeRole',
  'CreateUser',
  'GetSecretValue',
  'arn:aws:sns:us-east-1:000000000000:orders',
  'arn:aws:iam::000000000000:role/admin',
  'arn:aws:sqs:us-east-1:000000000000:*',
  'arn:aws:s3:::*',
  '{% $states.input %}',
  '$input.body',
  '#set($x=1)',
  '"},"Action":"*"',
  'aws:tag',
  'service-proxy:execution',
];

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'service',
  'Service',
  'routes',
  'stage',
  'value',
  'from',
  '',
  'a b',
];

function anyString(random: Random): string {
  if (random.chance(0.6)) return random.of(strings);
  if (random.chance(0.1)) return random.of(strings).repeat(random.below(3000));
  return Array.from({ length: random.below(40) }, () =>
    String.fromCodePoint(random.below(random.chance(0.5) ? 0x80 : 0x2ffff)),
  ).join('');
}

/** As JSON.parse makes it: a key __proto__ is a key like others. */
function anyObject(random: Random, depth: number): unknown {
  const members = Array.from({ length: random.below(4) }, () => {
    const name = random.chance(0.5) ? random.of(names) : anyString(random);
    return `${JSON.stringify(name)}:${JSON.stringify(anyValue(random, depth + 1))}`;
  });
  return JSON.parse(`{${members.join(',')}}`);
}

function anyValue(random: Random, depth = 0): unknown {
  const kind = random.below(1000) / 1000;
  if (kind < 0.35 || depth > 4) return anyString(random);
  if (kind < 0.45) return random.of<unknown>([0, -1, 1e308, 0.1, 200, 2 ** 53, -0]);
  if (kind < 0.55) return random.of<unknown>([true, false, null]);
  if (kind < 0.57) return deep(random.below(3000));
  if (kind < 0.75) return Array.from({ length: random.below(5) }, () => anyValue(random, depth + 1));
  return anyObject(random, depth);
}

function deep(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
  return value;
}

const routes = [
  { service: 'sns', action: 'ListTopics' },
  { service: 'sns', action: 'Publish', resources: ['arn:aws:sns:us-east-1:000000000000:orders'] },
  {
    service: 'sqs',
    action: 'SendMessage',
    parameters: { QueueUrl: { value: 'http://x/000000000000/orders' } },
  },
  { service: 'kinesis', action: 'PutRecord', parameters: { StreamName: { value: 'orders' } } },
  { service: 'dynamodb', action: 'GetItem', parameters: { TableName: { value: 'orders' } } },
  { service: 's3', action: 'ListBuckets' },
  { service: 'dynamodb', action: 'PutItem', parameters: { TableName: { value: 'Orders' } } },
] as const;

function validInput(random: Random): Record<string, unknown> {
  const base = { stage: 'test', test: { skip: 'fuzz' } };
  if (random.chance(0.7)) return { ...base, ...random.of<object>(routes) };
  const many = Array.from({ length: 1 + random.below(6) }, (_, index) => ({
    ...random.of<object>(routes),
    test: { skip: 'fuzz' },
    path: random.chance(0.5) ? `/r${index}` : random.of(['/Orders', '/orders', '/ORDERS', `/${index}/{id}`]),
  }));
  return { stage: 'test', routes: many };
}

/** Puts something hostile somewhere into the document. */
function bend(random: Random, value: Record<string, unknown>): void {
  const fields = [
    'service',
    'action',
    'path',
    'httpMethod',
    'stage',
    'api',
    'authorization',
    'parameters',
    'resources',
    'test',
    'cors',
    'routes',
    'clientToken',
    'tags',
    'region',
    'operation',
    'acceptPublic',
    'approval',
    'onFailure',
    'resume',
    'requestedBy',
  ];
  const at = random.chance(0.85) ? random.of(fields) : anyString(random);
  const inside = Object.hasOwn(value, at) ? value[at] : undefined;
  if (typeof inside === 'object' && inside !== null && random.chance(0.6)) {
    const keys = Object.keys(inside);
    const key = keys.length > 0 && random.chance(0.8) ? random.of(keys) : random.of(names);
    if (key !== '__proto__') (inside as Record<string, unknown>)[key] = anyValue(random);
  } else if (at !== '__proto__') value[at] = random.chance(0.6) ? anyString(random) : anyValue(random);
}

/** One input, as text or as a value: what a caller may send. */
export function fuzzedInput(seed: number): unknown {
  const random = seeded(seed);
  const kind = random.below(1000) / 1000;
  if (kind < 0.1) return anyValue(random);
  const input = JSON.parse(JSON.stringify(validInput(random))) as Record<string, unknown>;
  const bends = kind < 0.4 ? 0 : 1 + random.below(3);
  for (let count = 0; count < bends; count++) bend(random, input);
  // As a caller can send it: arrays have no members with names.
  if (kind < 0.9) return JSON.parse(JSON.stringify(input));
  // Raw bytes: a valid text with some of its bytes replaced.
  const bytes = Buffer.from(JSON.stringify(input));
  for (let count = 0; count < 3; count++) bytes[random.below(bytes.length)] = random.below(256);
  return bytes.toString();
}
