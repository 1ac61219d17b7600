import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type BuiltInFunction,
  createEmbeddedAws,
  type EmbeddedAws,
  type EmbeddedOptions,
  type Fault,
} from '../../local/embedded.ts';

const open: EmbeddedAws[] = [];
async function anAws(options: EmbeddedOptions = {}) {
  const aws = await createEmbeddedAws(options);
  open.push(aws);
  const client = {
    region: aws.region,
    credentials: aws.credentials,
    requestHandler: aws.requestHandler,
    maxAttempts: 1,
  };
  return { aws, client };
}
afterEach(async () => {
  for (const aws of open.splice(0)) await aws.close();
});

const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Pass',
  States: { Pass: { Type: 'Pass', End: true } },
});

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'sts:AssumeRole' },
  ],
});

describe('the embedded AWS', () => {
  it('is the same account in process and over its port', async () => {
    const { aws, client } = await anAws();
    await new IAMClient(client).send(
      new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust }),
    );
    const { url } = await aws.listen(0);
    const health = await fetch(`${url}/_aws/health`);
    expect(await health.json()).toEqual({ status: 'ok', account: '000000000000', region: 'us-east-1' });
    const { requestHandler: _, ...config } = client;
    const remote = new IAMClient({ ...config, endpoint: url });
    const inProcess = await new IAMClient(client).send(new ListRolesCommand({}));
    expect((await remote.send(new ListRolesCommand({}))).Roles).toEqual(inProcess.Roles);
    remote.destroy();
  });

  it('answers what it lacks with NotImplemented and the name of the operation', async () => {
    const { client } = await anAws();
    await expect(new IAMClient(client).send(new CreateUserCommand({ UserName: 'x' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('iam:CreateUser'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('lets a role do what its policies say, and says what they do not', async () => {
    const { client } = await anAws();
    const iam = new IAMClient(client);
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: 'reader',
        AssumeRolePolicyDocument: trust,
      }),
    );
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }],
    };
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'reader',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify(policy),
      }),
    );
    const { Credentials } = await new STSClient(client).send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'me' }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    await expect(
      new IAMClient({ ...client, credentials }).send(new ListRolesCommand({})),
    ).resolves.toBeDefined();
    const denied = new DynamoDBClient({ ...client, credentials }).send(new ListTablesCommand({}));
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::000000000000:assumed-role/reader/me is not authorized to perform: dynamodb:ListTables on resource: * because no identity-based policy allows the dynamodb:ListTables action',
    });
  });

  it('starts with the state machines and tables it was given, and gives them their newest definition', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'embedded-'));
    const table = {
      TableName: 'ledger',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    } as const;
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Machine';
    for (const text of [
      definition,
      definition.replaceAll('Pass"', 'Other"').replace('Type":"Other', 'Type":"Pass'),
    ]) {
      const { aws, client } = await anAws({
        dataDir,
        stateMachines: [{ name: 'Machine', definition: text }],
        tables: [table],
      });
      const described = await new SFNClient(client).send(
        new DescribeStateMachineCommand({ stateMachineArn }),
      );
      expect(described.definition).toBe(text);
      expect((await new DynamoDBClient(client).send(new ListTablesCommand({}))).TableNames).toEqual([
        'ledger',
      ]);
      await expect(
        new DynamoDBClient(client).send(
          new CreateTableCommand(structuredClone(table) as unknown as CreateTableCommandInput),
        ),
      ).rejects.toMatchObject({
        name: 'ResourceInUseException',
      });
      await aws.close();
    }
    rmSync(dataDir, { recursive: true });
  });

  describe('with a built-in function', () => {
    /** Tries to make a role, and says what came of it. */
    const maker: BuiltInFunction = {
      name: 'maker',
      timeoutSeconds: 5,
      policy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'iam:CreateRole', Resource: 'arn:aws:iam::*:role/made' }],
      },
      async invoke(event, { credentials, region, requestHandler, http, invokeUrl }) {
        const iam = new IAMClient({ credentials, region, requestHandler, maxAttempts: 1 });
        const input = { RoleName: String(event), AssumeRolePolicyDocument: trust };
        const made = await iam.send(new CreateRoleCommand(input)).then(
          ({ Role }) => Role?.Arn,
          error => error.name,
        );
        const url = invokeUrl.replace('{api}', 'none').replace('{stage}', 'test').replace('{path}', '/x');
        return { made, routeStatus: (await http({ method: 'GET', url, headers: {} })).status };
      },
    };
    const machine = {
      name: 'Machine',
      definition: JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'Make',
        States: {
          Make: {
            Type: 'Task',
            Resource: 'arn:aws:lambda:us-east-1:000000000000:function:maker',
            Arguments: '{% $states.input %}',
            End: true,
          },
        },
      }),
    };

    async function execute(input: string, faults: readonly Fault[] = []) {
      const { aws, client } = await anAws({ functions: [maker], stateMachines: [machine], faults });
      const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Machine';
      const { executionArn = '' } = await new SFNClient(client).send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
      await (await aws.states()).ended(executionArn);
      return new SFNClient(client).send(new DescribeExecutionCommand({ executionArn }));
    }

    it('runs it in an execution with the permissions of its role', async () => {
      const allowed = await execute('made');
      expect(JSON.parse(allowed.output ?? '')).toEqual({
        made: 'arn:aws:iam::000000000000:role/made',
        routeStatus: 403,
      });
      const refused = await execute('other');
      expect(JSON.parse(refused.output ?? '')).toMatchObject({ made: 'AccessDenied' });
    });

    it('lets faults meet its invocations too', async () => {
      const fault = {
        service: 'lambda',
        operation: 'Invoke',
        functionName: 'maker',
        kind: 'throttle',
      } as const;
      expect(await execute('made', [fault])).toMatchObject({
        status: 'FAILED',
        error: 'Lambda.TooManyRequestsException',
      });
    });
  });

  it('gives the same answers for the same seed', async () => {
    const contents = [];
    for (let round = 0; round < 2; round++) {
      const { aws } = await anAws({
        seed: 7,
        clock: { now: () => 0, schedule: () => () => {}, sleep: async () => {}, hold: () => () => {} },
        stateMachines: [{ name: 'Machine', definition }],
      });
      contents.push(aws.store.content());
    }
    expect(contents[0]).toEqual(contents[1]);
  });

  it('lets its process end once it is closed', () => {
    const program = `
      const { createEmbeddedAws } = await import(${JSON.stringify(new URL('../../local/embedded.ts', import.meta.url).href)});
      const aws = await createEmbeddedAws();
      const { url } = await aws.listen(0);
      await fetch(url + '/_aws/health');
      await aws.close();
      console.log('closed');`;
    const { stdout, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      {
        encoding: 'utf8',
        timeout: 10_000,
      },
    );
    expect([stdout.trim(), status]).toEqual(['closed', 0]);
  });
});
