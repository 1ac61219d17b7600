// Whatever a caller sends arrives as that member's value, and changes nothing else of the request.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Parameter } from '../../core/input.ts';
import { derive, operationOf } from '../core/derived.ts';
import { hostileValues } from '../core/hostile-values.ts';
import { injections } from './injection.ts';
import { Gateway } from './integration-request.ts';

describe('a mapping template', () => {
  it.each([
    ['sns', 'Publish'],
    ['sns', 'PublishBatch'],
    ['ec2', 'RunScheduledInstances'],
    ['iam', 'CreateRole'],
    ['sqs', 'SendMessage'],
    ['dynamodb', 'PutItem'],
    ['events', 'PutEvents'],
    ['lambda', 'CreateAlias'],
    ['iot', 'CreateThing'],
    ['route53', 'ChangeResourceRecordSets'],
    ['cloudfront', 'CreateFunction'],
    ['s3', 'RestoreObject'],
  ])('of %s %s takes 1,000 hostile texts for what they are', (service, action) => {
    const { templates, problems } = injections(operationOf(service, action), 1000);
    expect(templates).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });
});

describe('a parameter mapping', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await Gateway.open();
  });
  afterAll(() => gateway.close());

  const sendWith = (
    parameters: Readonly<Record<string, Parameter>>,
    query: Record<string, string[]>,
    key = 'k',
  ) => {
    const path = '/{bucket}/{key+}';
    const { definition } = derive(operationOf('s3', 'GetObject'), { path, parameters });
    const pathParameters = { bucket: 'photos', key: encodeURIComponent(key) };
    const caller = { pathParameters, query, headers: {}, body: new Uint8Array() };
    return gateway.send(definition, 'GET', path, caller, true);
  };

  it('keeps a text in the query parameter or the path it is for', async () => {
    for (const text of hostileValues(9, 300)) {
      const sent = await sendWith({}, { versionId: [text] }, text);
      if ('refused' in sent) throw new Error(sent.refused);
      expect(sent.query).toEqual({ versionId: [Buffer.from(text).toString()] });
      expect(decodeURIComponent(sent.path)).toBe(`/photos/${text}`);
      expect(sent.path).not.toMatch(/[?#&\s]/);
    }
  });

  it('lets no line break into a header', async () => {
    const fromQuery = { IfMatch: { from: 'query', name: 'm' } } as const;
    for (const text of ['"x"', 'a: b', 'x, y']) {
      expect(await sendWith(fromQuery, { m: [text] })).toMatchObject({ headers: { 'if-match': text } });
    }
    for (const text of ['x\r\nx-amz-acl: public-read', 'x\n', '\r', 'x\0y']) {
      expect(await sendWith(fromQuery, { m: [text] })).toMatchObject({ refused: expect.any(String) });
    }
  });
});
