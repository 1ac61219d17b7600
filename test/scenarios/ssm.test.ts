// Systems Manager through a deployed URL: a parameter is read, secure or not.
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from './account.ts';
import { type CallRoute, json, openServing, serveRoutes } from './served.ts';

const resources = ['arn:aws:ssm:us-east-1:000000000000:parameter/app/*'];
const routes = [{ action: 'GetParameter', path: '/parameters', resources }];

async function putParameters({ client }: TestAccount) {
  const ssm = new SSMClient(client);
  const put = (Name: string, Type: 'String' | 'SecureString') =>
    ssm.send(new PutParameterCommand({ Name, Value: 'a "b" & 🍕', Type }));
  await put('/app/url', 'String');
  await put('/app/key', 'SecureString');
  await put('/other/url', 'String');
}

describe('a Systems Manager route', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing();
    await putParameters(account);
    call = await serveRoutes(account, 'ssm', routes);
  });
  afterAll(() => account.aws.close());

  const get = (query: Readonly<Record<string, string>>) => call('GetParameter', '/parameters', { query });

  it('reads a parameter, and decrypts one when asked to', async () => {
    const read = await get({ Name: '/app/url' });
    expect(json(read).Parameter).toMatchObject({ Name: '/app/url', Type: 'String', Value: 'a "b" & 🍕' });
    const sealed = json(await get({ Name: '/app/key' })).Parameter.Value;
    expect(sealed).not.toContain('🍕');
    const opened = json(await get({ Name: '/app/key', WithDecryption: 'true' })).Parameter.Value;
    expect(opened).toBe('a "b" & 🍕');
  });

  it('answers 400 without a name, and 404 for a parameter that is not there', async () => {
    expect((await get({})).status).toBe(400);
    const missing = await get({ Name: '/app/none' });
    expect(missing.status).toBe(404);
    expect(json(missing).error.type).toContain('ParameterNotFound');
  });

  it('answers with an error for a parameter that is not among the resources', async () => {
    const refused = await get({ Name: '/other/url' });
    expect([400, 403]).toContain(refused.status);
    expect(refused.bytes.toString()).toContain('ssm:GetParameter');
  });
});
