// The parameter store as Systems Manager answers.
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { createEmbeddedAws, type EmbeddedAws } from '../../../local/embedded.ts';

const open: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of open.splice(0)) await aws.close();
});

async function anAccount() {
  const aws = await createEmbeddedAws();
  open.push(aws);
  const { region, credentials, requestHandler } = aws;
  const ssm = new SSMClient({ region, credentials, requestHandler, maxAttempts: 1 });
  const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
    ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', ...more }));
  const get = async (Name: string, WithDecryption = false) =>
    (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;
  return { aws, ssm, put, get };
}

describe('a parameter', () => {
  it('is read as it was put, by name, by version and by ARN', async () => {
    const { put, get } = await anAccount();
    expect(await put('/app/url', { Value: 'one' })).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await put('/app/url', { Value: 'two', Overwrite: true })).toMatchObject({ Version: 2 });
    const ARN = 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url';
    expect(await get('/app/url')).toEqual({
      Name: '/app/url',
      Type: 'String',
      Value: 'two',
      Version: 2,
      LastModifiedDate: expect.any(Date),
      ARN,
      DataType: 'text',
    });
    expect(await get('/app/url:1')).toMatchObject({ Value: 'one', Selector: ':1' });
    expect(await get(ARN)).toMatchObject({ Value: 'two' });
  });

  it('that is secure shows its value only when asked to decrypt it', async () => {
    const { aws, put, get } = await anAccount();
    await put('/app/key', { Value: 'hunter2', Type: 'SecureString' });
    expect((await get('/app/key'))?.Value).not.toContain('hunter2');
    expect((await get('/app/key', true))?.Value).toBe('hunter2');
    expect(JSON.stringify(aws.store.content())).not.toContain('hunter2');
  });

  it('is listed by path, by name and with its history', async () => {
    const { ssm, put } = await anAccount();
    for (const name of ['/a/b', '/a/b/c', '/a/d', '/e']) await put(name);
    await put('/e', { Value: 'w', Overwrite: true });
    const byPath = async (more: object) =>
      (await ssm.send(new GetParametersByPathCommand({ Path: '/a', ...more }))).Parameters?.map(
        ({ Name }) => Name,
      );
    expect(await byPath({})).toEqual(['/a/b', '/a/d']);
    expect(await byPath({ Recursive: true })).toEqual(['/a/b', '/a/b/c', '/a/d']);
    const first = await ssm.send(new GetParametersByPathCommand({ Path: '/a', MaxResults: 1 }));
    expect(await byPath({ NextToken: first.NextToken })).toEqual(['/a/d']);
    const named = await ssm.send(new GetParametersCommand({ Names: ['/e', '/none'] }));
    expect(named.Parameters?.map(({ Value }) => Value)).toEqual(['w']);
    expect(named.InvalidParameters).toEqual(['/none']);
    const ParameterFilters = [{ Key: 'Name', Option: 'BeginsWith', Values: ['/a'] }];
    const described = await ssm.send(new DescribeParametersCommand({ ParameterFilters }));
    expect(described.Parameters?.map(({ Name }) => Name)).toEqual(['/a/b', '/a/b/c', '/a/d']);
    const history = await ssm.send(new GetParameterHistoryCommand({ Name: '/e' }));
    expect(history.Parameters?.map(({ Value, Version }) => [Version, Value])).toEqual([
      [1, 'v'],
      [2, 'w'],
    ]);
  });

  it('is gone once it is deleted', async () => {
    const { ssm, put, get } = await anAccount();
    await put('/a');
    await ssm.send(new DeleteParameterCommand({ Name: '/a' }));
    await expect(get('/a')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it.each([
    ['ParameterAlreadyExists', '/a', {}],
    ['ValidationException', 'a/b', {}],
    ['ValidationException', '/aws/x', {}],
    ['ValidationException', '/b c', {}],
    ['ValidationException', '/b', { Type: undefined }],
    ['ValidationException', '/b', { Value: 'x'.repeat(4097) }],
    ['ValidationException', '/b', { Type: 'Number' as never }],
    ['ParameterPatternMismatchException', '/b', { AllowedPattern: '^\\d+$' }],
  ])('is refused with %s as %s %o', async (name, parameter, more) => {
    const { put } = await anAccount();
    await put('/a');
    await expect(put(parameter, more)).rejects.toMatchObject({ name });
  });

  it('has only the versions that were put', async () => {
    const { put, get } = await anAccount();
    await put('/a');
    await expect(get('/a:2')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  });
});
