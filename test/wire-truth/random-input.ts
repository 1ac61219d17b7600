// A random valid input of an operation, made from its shapes: members by the model's names, bytes and dates as such.
import type { Member, Operation, Shape } from '../../core/operation.ts';
import type { Random } from '../random.ts';

export type Input = Readonly<Record<string, unknown>>;

const texts = [
  'x',
  'Ab-1',
  'a b',
  'é\u{1f600}',
  "it's",
  '"q"',
  'a&Action=b',
  'k=v',
  '50%+1',
  '<b>&amp;</b>',
  '$x#if(true)',
  'back\\slash',
  'line\nbreak',
  ']]>',
];
const plainTexts = ['x', 'Ab-1', 'name_2', 'a.b'];

const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:123456789012:${name}`;
const uuid = '12345678-1234-1234-1234-123456789012';

/** What patterns and lengths commonly ask for. */
const formed = [
  ...'abc Abc abc-123 ABC a1b2c3d4 name_1 1 12 123456 123456789012 1.0 v1 a.b $LATEST true us-east-1'.split(
    ' ',
  ),
  ...'user@example.com https://example.com/a /a/b 2024-01-02T03:04:05Z 2024-01-02 0.0.0.0 10.0.0.0/16'.split(
    ' ',
  ),
  ...'i-12345678 i-0123456789abcdef0 eni-12345678 vpc-12345678 subnet-12345678 mw-0123456789abcdef0'.split(
    ' ',
  ),
  ...'oi-0123456789ab pb-0123456789abcdef0 aws.partner/example.com/name o-1234567890/r-1234'.split(' '),
  ...[
    uuid,
    '{"a":1}',
    'rate(5 minutes)',
    'cron(0 0 * * ? *)',
    'a'.repeat(20),
    'a'.repeat(36),
    'a'.repeat(64),
  ],
  ...[
    'arn:aws:iam::123456789012:role/name',
    'arn:aws:s3:::bucket',
    'arn:aws:cloudfront::123456789012:distribution/A',
  ],
  ...[arn('sns', 'name'), arn('lambda', 'function:name'), arn('iot', 'cert/name'), arn('kms', `key/${uuid}`)],
  ...[arn('dynamodb', 'table/name'), arn('kinesis', 'stream/name'), arn('events', 'event-bus/name')],
  ...[arn('states', 'stateMachine:name'), arn('rds', 'cluster:name'), arn('ssm', 'opsmetadata/a/b')],
  ...[arn('lambda', 'code-signing-config:csc-0123456789abcdef0'), arn('events', 'rule/name')],
  ...[arn('events', 'endpoint/name'), arn('events', 'archive/name'), arn('braket', `job/${uuid}`)],
];

export class InputMaker {
  /** Strings for whose pattern no example is known. */
  readonly unmatched = new Set<string>();
  private readonly operation: Operation;
  private readonly random: Random;
  private readonly isDense: boolean;
  /** Values that may still be made: shapes contain themselves, and some have thousands of members. */
  private left = 400;

  /** A dense input has nearly every member, at any depth. */
  constructor(operation: Operation, random: Random, isDense: boolean) {
    this.operation = operation;
    this.random = random;
    this.isDense = isDense;
  }

  make(): Input {
    const { input } = this.operation;
    return input ? this.structure(input, 0, false) : {};
  }

  private structure(shape: Shape, depth: number, isUnion: boolean): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      const isRequired = shape.required?.includes(name) ?? false;
      if (!isRequired && !this.isWanted(depth)) continue;
      if (isUnion && Object.keys(made).length > 0) break;
      const value = this.value(member, name, depth + 1);
      if (value !== undefined) made[name] = value;
    }
    return made;
  }

  private isWanted(depth: number): boolean {
    this.left -= 1;
    if (depth > 9 || this.left < 0) return false;
    return this.random.chance(this.isDense ? 0.9 : Math.max(0.2, 0.7 / (depth + 1)));
  }

  private value(member: Member, name: string, depth: number): unknown {
    const shape = this.operation.shapes[member.shape];
    if (!shape || depth > 16) return undefined;
    if (shape.document) return { a: [1, 'x', null, { b: true }] };
    switch (shape.type) {
      case 'structure':
        return this.structure(shape, depth, false);
      case 'list': {
        const length = Math.max(1, Math.min(shape.min ?? 1, 3), this.random.below(3));
        const items = Array.from({ length }, () =>
          this.value({ ...member, shape: shape.element ?? '' }, name, depth + 1),
        );
        return items.every(item => item !== undefined) ? items : undefined;
      }
      case 'map': {
        const key = this.text(this.operation.shapes[shape.key ?? ''], { shape: '' }, 'key', true);
        const value = this.value({ ...member, shape: shape.value ?? '' }, name, depth + 1);
        return key === undefined || value === undefined ? undefined : { [key]: value };
      }
      case 'blob':
        return Buffer.from(this.random.of(['', 'bytes', '\0\xff"', 'é'])).subarray(0, shape.max);
      case 'timestamp':
        return new Date(Date.UTC(2001 + this.random.below(30), this.random.below(12), 5, 6, 7, 8));
      case 'boolean':
        return this.random.chance(0.5);
      case 'float':
      case 'double':
      case 'bigdecimal':
        return Math.max(shape.min ?? 0, Math.min(shape.max ?? 1e6, this.random.of([0.5, 1, 12.25, 100])));
      case 'string':
      case 'character':
        return this.text(shape, member, name, false);
      default:
        return Math.max(
          shape.min ?? 0,
          Math.min(shape.max ?? 2e9, this.random.of([0, 1, 7, 1000, 123_456_789])),
        );
    }
  }

  private text(shape: Shape | undefined, member: Member, name: string, isKey: boolean): string | undefined {
    if (shape?.enum) return this.random.of(shape.enum);
    if (member.jsonvalue) return '{"a":1}';
    if (name === 'Bucket') return 'photos';
    const { min = 1, max = 1_000_000 } = shape ?? {};
    const isPlain = isKey || member.location !== undefined;
    const greedy =
      member.location === 'uri' && this.operation.http.uri.includes(`{${member.locationName ?? name}+}`);
    const free = greedy ? [...plainTexts, 'a/b c/d'] : isPlain ? plainTexts : texts;
    const candidates = [this.random.of(free), this.random.of(free), ...formed].map(text =>
      shape?.pattern === undefined ? text + 'x'.repeat(Math.max(0, min - [...text].length)) : text,
    );
    const pattern = shape?.pattern === undefined ? undefined : anchored(shape.pattern);
    const found = candidates.find(
      text =>
        text.length >= min &&
        text.length <= max &&
        !(member.location === 'uri' && !greedy && text.includes('/')) &&
        (pattern?.test(text) ?? true),
    );
    if (found === undefined) this.unmatched.add(member.shape);
    return found;
  }
}

function anchored(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    try {
      return new RegExp(`^(?:${pattern})$`);
    } catch {
      return undefined; // a pattern of another language
    }
  }
}
