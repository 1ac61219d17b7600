// plan against what exists: it reads, says what would change, and changes nothing.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../cli/embedded.ts';
import type { EmbeddedAws } from '../../local/embedded.ts';
import { serviceProxy } from './command-line.ts';

const route = ['--service', 'sns', '--action', 'ListTopics', '--stage', 'test', '--path', '/topics'];
const open = ['--authorization', 'NONE', '--accept-public'];
/** The first two words of each line above the routes: `CREATE role`. */
const changesOf = (stdout: string) =>
  (stdout.trim().split('\n\n')[0] ?? '').split('\n').map(line => line.split(' ').slice(0, 2).join(' '));

describe('plan', () => {
  let aws: EmbeddedAws;
  let endpoint: string[];
  let gateway: APIGatewayClient;
  beforeAll(async () => {
    aws = await openEmbedded();
    const { url } = await aws.listen(0);
    endpoint = ['--endpoint-url', url];
    const { region, credentials, requestHandler } = aws;
    gateway = new APIGatewayClient({ region, credentials, requestHandler });
  });
  afterAll(() => aws.close());

  it('creates everything for an account that holds nothing', async () => {
    const { exitCode, stdout } = await serviceProxy('plan', ...route);
    expect(exitCode).toBe(0);
    expect(changesOf(stdout)).toEqual([
      'CREATE role',
      'CREATE REST',
      'CREATE resource',
      'CREATE method',
      'CREATE stage',
    ]);
  });

  it('says where the API lives, where an input places it elsewhere and the engine allows that', async () => {
    const role = 'arn:aws:iam::111122223333:role/ServiceProxyTarget';
    const elsewhere = ['--target-role', role, '--target-region', 'eu-west-1'];
    const refused = await serviceProxy('plan', ...route, ...elsewhere);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('$.target.roleArn')]);
    const allowed = ['--allow-target', role, 'eu-west-1'];
    const { stdout } = await serviceProxy('plan', ...route, ...elsewhere, ...allowed);
    expect(stdout.split('\n')[0]).toBe(`IN account 111122223333, region eu-west-1, as ${role}`);
    expect(stdout).toContain('arn:aws:apigateway:eu-west-1:sns:action/ListTopics');
    const wrong = await serviceProxy('provision', ...route, ...elsewhere, '--allow-target', 'Frankfurt');
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('"Frankfurt"')]);
    const atEngine = await serviceProxy('provision', ...route, ...elsewhere, ...endpoint);
    expect([atEngine.exitCode, atEngine.stdout]).toEqual([2, expect.stringContaining('$.target.roleArn')]);
  });

  it('keeps what a running engine holds already, and updates what differs', async () => {
    expect((await serviceProxy('provision', ...route, ...open, ...endpoint)).exitCode).toBe(0);
    const before = JSON.stringify(aws.store.content());
    const same = await serviceProxy('plan', ...route, ...open, ...endpoint);
    expect(changesOf(same.stdout).every(line => line.startsWith('KEEP '))).toBe(true);
    const other = await serviceProxy('plan', ...route, ...endpoint);
    expect(changesOf(other.stdout)).toEqual([
      'KEEP role',
      'KEEP REST',
      'KEEP resource',
      'KEEP resource',
      'UPDATE method',
      'UPDATE stage',
    ]);
    const removal = await serviceProxy('plan', '--operation', 'remove', ...route, ...endpoint);
    expect(changesOf(removal.stdout)).toEqual([
      'DELETE role',
      'DELETE REST',
      'DELETE resource',
      'DELETE method',
      'DELETE stage',
    ]);
    expect(JSON.stringify(aws.store.content())).toBe(before);
  });

  it('refuses a route that exists and is not ours, as provision does', async () => {
    const { id: restApiId = '', rootResourceId: parentId } = await gateway.send(
      new CreateRestApiCommand({ name: 'theirs' }),
    );
    const { id: resourceId } = await gateway.send(
      new CreateResourceCommand({ restApiId, parentId, pathPart: 'topics' }),
    );
    await gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: '{all+}' }));
    await gateway.send(
      new PutMethodCommand({ restApiId, resourceId, httpMethod: 'GET', authorizationType: 'NONE' }),
    );
    const apis = () => Object.entries(aws.store.content()).filter(([name]) => /^(apigateway|iam)/.test(name));
    const before = JSON.stringify(apis());
    for (const command of ['plan', 'provision']) {
      const ended = await serviceProxy(command, ...route, '--api-id', restApiId, ...endpoint, '--json');
      expect(ended.exitCode).toBe(2);
      expect(JSON.parse(ended.stdout)).toMatchObject({
        status: 'FAILED',
        error: 'NotOwned',
        cause: expect.stringMatching(/^\$\.path: GET \/topics exists on REST API/),
      });
    }
    const beside = await serviceProxy(
      'plan',
      ...route.slice(0, -1),
      '/{id}',
      '--parameters',
      '{"NextToken":{"from":"path","name":"id"}}',
      '--api-id',
      restApiId,
      ...endpoint,
      '--json',
    );
    expect(beside.exitCode).toBe(2);
    expect(JSON.parse(beside.stdout).problems).toEqual([
      { path: '$.path', message: expect.stringContaining('/{id} cannot be added beside /{all+}') },
    ]);
    expect(JSON.stringify(apis())).toBe(before);
  });

  it('reads an account that is kept in a folder, and leaves the folder as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'service-proxy-data-'));
    try {
      const data = ['--data', join(folder, 'account')];
      const empty = await serviceProxy('plan', ...route, ...data);
      expect(changesOf(empty.stdout)[1]).toBe('CREATE REST');
      expect(readdirSync(folder)).toEqual([]);
      expect((await serviceProxy('provision', ...route, ...open, ...data)).exitCode).toBe(0);
      const kept = await serviceProxy('plan', ...route, ...open, ...data);
      expect(changesOf(kept.stdout)[1]).toBe('KEEP REST');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
