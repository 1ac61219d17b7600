// The generator: what it takes over from service models and IAM facts, and that its output is what is committed.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOperation, readIndex } from '../../catalog/catalog.ts';
import type { Operation } from '../../core/operation.ts';
import { asDirectory, generate, models } from './generated.ts';

const committed = fileURLToPath(new URL('../../catalog/services/', import.meta.url));
const read = (directory: string, name: string) => readFileSync(join(directory, name), 'utf8');

describe('generate', () => {
  let out = '';
  beforeAll(() => {
    out = generate(models, '--models-version', 'sample 1');
  });
  afterAll(() => rmSync(out, { recursive: true }));

  const operation = (service: string, action: string): Operation => {
    const found = findOperation(service, action, asDirectory(out));
    if ('missing' in found) throw new Error(`${service} ${action} is missing`);
    return found;
  };

  it('writes one file per service and an index, the same every time, without documentation', () => {
    const again = generate(models, '--models-version', 'sample 1');
    expect(readdirSync(out)).toEqual([
      'dynamodb.json',
      'ec2.json',
      'index.json',
      'lambda.json',
      's3.json',
      'sns.json',
    ]);
    for (const name of readdirSync(out)) {
      expect(read(again, name)).toBe(read(out, name));
      expect(read(out, name)).not.toMatch(/<p>|documentation/);
      expect(read(out, name)).toContain('"models":"sample 1"');
    }
    rmSync(again, { recursive: true });
  });

  it('names the protocol of each service, with the version of JSON', () => {
    const protocols = readIndex(asDirectory(out)).services.map(({ service, protocol }) => [
      service,
      protocol,
    ]);
    expect(Object.fromEntries(protocols)).toEqual({
      dynamodb: 'json-1.0',
      ec2: 'ec2',
      lambda: 'rest-json',
      s3: 'rest-xml',
      sns: 'query',
    });
  });

  it('takes permissions, ARN formats and whether an operation reads from IAM', () => {
    expect(operation('sns', 'ListTopics')).toMatchObject({
      readOnly: true,
      iam: { actions: ['sns:ListTopics'], resources: [] },
      errors: [{ code: 'NotFound', status: 404 }],
    });
    expect(operation('s3', 'HeadObject')).toMatchObject({
      readOnly: true,
      iam: { actions: ['s3:GetObject'], resources: ['arn:{partition}:s3:::{Bucket}/{Key}'] },
    });
    expect(operation('lambda', 'Invoke')).toMatchObject({
      readOnly: false,
      iam: {
        actions: ['lambda:InvokeFunction'],
        resources: ['arn:{partition}:lambda:{region}:{account}:function:{FunctionName}'],
      },
    });
  });

  it('refuses what no integration can do, with the reason', () => {
    expect(operation('lambda', 'InvokeWithResponseStream')).toMatchObject({
      status: 'rejected',
      reason: 'the operation uses an event stream',
    });
    expect(operation('ec2', 'DescribeInstances')).toMatchObject({ status: 'unverified' });
    expect(operation('sns', 'Publish')).toMatchObject({
      status: 'verified',
      source: expect.stringContaining('https://'),
    });
  });

  it('keeps shapes that contain themselves', () => {
    const { shapes } = operation('dynamodb', 'PutItem');
    expect(shapes.AttributeValue?.members?.M).toEqual({ shape: 'Item' });
    expect(shapes.Item?.value).toBe('AttributeValue');
  });
});

describe('the committed catalog', () => {
  const names = readdirSync(committed).filter(name => name !== 'index.json');

  it('says in every file which models and IAM facts it was made from', () => {
    expect(readIndex().models).toMatch(/^botocore \d+\.\d+\.\d+$/);
    for (const name of names) {
      const { models: from, permissions, service } = JSON.parse(read(committed, name));
      expect(from).toBe(readIndex().models);
      expect(permissions).toMatch(/^@cloud-copilot\/iam-data \d/);
      expect(`${service}.json`).toBe(name);
    }
    expect(readIndex().services.map(({ service }) => `${service}.json`)).toEqual(names);
  });

  it('holds every service and operation, and can expose all but those that no integration could call', () => {
    const { services } = readIndex();
    const sum = (of: (one: (typeof services)[number]) => number) =>
      services.reduce((all, one) => all + of(one), 0);
    expect(services.length).toBeGreaterThanOrEqual(424);
    expect(sum(one => one.operations)).toBeGreaterThanOrEqual(18_378);
    expect(sum(one => one.derivable)).toBeGreaterThanOrEqual(17_500);
  });

  it('stays small: below 25 MB, and 2 MB compressed', () => {
    const sizes = readdirSync(committed).map(name => {
      const bytes = readFileSync(join(committed, name));
      return { plain: bytes.length, compressed: gzipSync(bytes).length };
    });
    expect(sizes.reduce((all, { plain }) => all + plain, 0)).toBeLessThan(25_000_000);
    expect(sizes.reduce((all, { compressed }) => all + compressed, 0)).toBeLessThan(1_950_000);
  });

  // The models are large and are not in the repository; where they are, nothing may have been changed by hand.
  it.skipIf(!process.env.SERVICE_PROXY_MODELS)('is what the generator makes of the models', () => {
    const again = generate(process.env.SERVICE_PROXY_MODELS ?? '');
    for (const name of readdirSync(committed)) expect(read(again, name), name).toBe(read(committed, name));
    rmSync(again, { recursive: true });
  });
});
