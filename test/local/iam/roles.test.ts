import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { allow, anAccount, policy, trusting } from './account.ts';

const trust = trusting({ Service: 'apigateway.amazonaws.com' });
const aRole = { RoleName: 'proxy', AssumeRolePolicyDocument: trust };

describe('a role', () => {
  it('is found again as it was made, its documents URL-encoded', async () => {
    const { iam } = await anAccount();
    await iam.send(
      new CreateRoleCommand({ ...aRole, Path: '/service-proxy/', Tags: [{ Key: 'owner', Value: 'us' }] }),
    );
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'proxy' }));
    expect(Role).toMatchObject({
      Arn: 'arn:aws:iam::000000000000:role/service-proxy/proxy',
      RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
      MaxSessionDuration: 3600,
      Tags: [{ Key: 'owner', Value: 'us' }],
      CreateDate: expect.any(Date),
    });
    expect(Role?.AssumeRolePolicyDocument).not.toContain('{');
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
  });

  it('keeps its name to itself, whatever the case', async () => {
    const { iam } = await anAccount();
    await iam.send(new CreateRoleCommand(aRole));
    await expect(iam.send(new CreateRoleCommand({ ...aRole, RoleName: 'PROXY' }))).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name PROXY already exists.',
      $metadata: { httpStatusCode: 409 },
    });
    await expect(iam.send(new GetRoleCommand({ RoleName: 'Proxy' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name Proxy cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('is deleted only without policies', async () => {
    const { aws, iam } = await anAccount();
    await iam.send(new CreateRoleCommand(aRole));
    const PolicyDocument = policy(allow('sns:ListTopics'));
    await iam.send(new PutRolePolicyCommand({ RoleName: 'proxy', PolicyName: 'p', PolicyDocument }));
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'm', PolicyDocument }));
    const PolicyArn = Policy?.Arn;
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'proxy', PolicyArn }));

    const remove = () => iam.send(new DeleteRoleCommand({ RoleName: 'proxy' }));
    await expect(remove()).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
    });
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'proxy', PolicyArn }));
    await expect(remove()).rejects.toMatchObject({
      message: 'Cannot delete entity, must delete policies first.',
    });
    const read = await iam.send(new GetRolePolicyCommand({ RoleName: 'proxy', PolicyName: 'p' }));
    expect(decodeURIComponent(read.PolicyDocument ?? '')).toBe(PolicyDocument);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'proxy', PolicyName: 'p' }));
    await remove();
    expect(aws.store.content()['iam/roles'] ?? {}).toEqual({});
    await expect(remove()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('has tags whose keys differ by more than case', async () => {
    const { iam } = await anAccount();
    await iam.send(new CreateRoleCommand({ ...aRole, Tags: [{ Key: 'Owner', Value: '1' }] }));
    await iam.send(new TagRoleCommand({ RoleName: 'proxy', Tags: [{ Key: 'owner', Value: '2' }] }));
    const tags = async () => (await iam.send(new ListRoleTagsCommand({ RoleName: 'proxy' }))).Tags;
    expect(await tags()).toEqual([{ Key: 'owner', Value: '2' }]);
    await iam.send(new UntagRoleCommand({ RoleName: 'proxy', TagKeys: ['OWNER'] }));
    expect(await tags()).toEqual([]);
    const twice = { Key: 'a', Value: '' };
    await expect(
      iam.send(new TagRoleCommand({ RoleName: 'proxy', Tags: [twice, { ...twice, Key: 'A' }] })),
    ).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('is listed in pages, by path', async () => {
    const { iam } = await anAccount();
    for (const RoleName of ['c', 'a', 'b']) {
      await iam.send(new CreateRoleCommand({ ...aRole, RoleName, Path: '/mine/' }));
    }
    await iam.send(new CreateRoleCommand(aRole));
    const first = await iam.send(new ListRolesCommand({ PathPrefix: '/mine/', MaxItems: 2 }));
    const second = await iam.send(new ListRolesCommand({ PathPrefix: '/mine/', Marker: first.Marker }));
    expect([first, second].map(({ Roles }) => Roles?.map(role => role.RoleName))).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  });
});

describe('IAM refuses', () => {
  const refusals: [what: string, change: object, name: string, message: string | RegExp][] = [
    ['a name with a blank', { RoleName: 'a b' }, 'ValidationError', /roleName is invalid/],
    ['a name of 65 characters', { RoleName: 'x'.repeat(65) }, 'ValidationError', /less than or equal to 64/],
    ['a path without its slash', { Path: '/x' }, 'ValidationError', /path is invalid/],
    ['a session of a minute', { MaxSessionDuration: 60 }, 'ValidationError', /'maxSessionDuration'/],
    [
      'a trust policy that is not JSON',
      { AssumeRolePolicyDocument: '{' },
      'MalformedPolicyDocumentException',
      'This policy contains invalid Json',
    ],
    [
      'a trust policy with a resource',
      { AssumeRolePolicyDocument: policy({ ...allow('sts:AssumeRole'), Principal: '*' }) },
      'MalformedPolicyDocumentException',
      'Has prohibited field Resource',
    ],
    [
      'a trust policy without a principal',
      { AssumeRolePolicyDocument: policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }) },
      'MalformedPolicyDocumentException',
      'Missing required field Principal',
    ],
    [
      'a principal that is no service',
      { AssumeRolePolicyDocument: trusting({ Service: 'nonsense' }) },
      'MalformedPolicyDocumentException',
      'Invalid principal in policy: "SERVICE":"nonsense"',
    ],
    [
      'a principal that does not exist',
      { AssumeRolePolicyDocument: trusting({ AWS: 'arn:aws:iam::000000000000:role/x' }) },
      'MalformedPolicyDocumentException',
      /Invalid principal in policy: "AWS"/,
    ],
    [
      'a trust policy past 2,048 characters',
      {
        AssumeRolePolicyDocument: trusting({
          Service: Array.from({ length: 90 }, (_, i) => `service-number-${i}.amazonaws.com`),
        }),
      },
      'LimitExceededException',
      'Cannot exceed quota for ACLSizePerRole: 2048',
    ],
    [
      'a boundary that does not exist',
      { PermissionsBoundary: 'arn:aws:iam::000000000000:policy/x' },
      'NoSuchEntityException',
      /does not exist or is not attachable/,
    ],
  ];
  it.each(refusals)('%s, and makes no role', async (_what, change, name, message) => {
    const { aws, iam } = await anAccount();
    const made = iam.send(new CreateRoleCommand({ ...aRole, ...change }));
    await expect(made).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(aws.store.content()['iam/roles'] ?? {}).toEqual({});
  });

  const documents: [what: string, document: string, message: string][] = [
    [
      'a statement without actions',
      policy({ Effect: 'Allow', Resource: '*' }),
      'Policy statement must contain actions.',
    ],
    [
      'a statement without resources',
      policy({ Effect: 'Allow', Action: 'sns:Publish' }),
      'Policy statement must contain resources.',
    ],
    [
      'a statement with a principal',
      policy({ ...allow('sns:Publish'), Principal: '*' }),
      'Policy document should not specify a principal.',
    ],
    ['an unknown member', policy({ ...allow('sns:Publish'), Effects: 'x' }), 'Syntax errors in policy.'],
    [
      'an unknown condition operator',
      policy(allow('sns:Publish', '*', { StringSame: { a: 'b' } })),
      'Syntax errors in policy.',
    ],
    [
      'an action without its service',
      policy(allow('Publish')),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'a resource that is no ARN',
      policy(allow('sns:Publish', 'topic')),
      'Resource topic must be in ARN format or "*".',
    ],
    [
      'two statements with one Sid',
      policy({ ...allow('a:b'), Sid: 'x' }, { ...allow('a:c'), Sid: 'x' }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
  ];
  it.each(documents)('%s', async (_what, PolicyDocument, message) => {
    const { iam } = await anAccount();
    await iam.send(new CreateRoleCommand(aRole));
    const put = new PutRolePolicyCommand({ RoleName: 'proxy', PolicyName: 'p', PolicyDocument });
    await expect(iam.send(put)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
  });

  it('more than 10,240 characters of inline policies on one role, white space aside', async () => {
    const { iam } = await anAccount();
    await iam.send(new CreateRoleCommand(aRole));
    const put = (PolicyName: string, length: number, blanks = 0) => {
      const document = policy(
        allow('sns:Publish', `arn:aws:sns:us-east-1:000000000000:${'x'.repeat(length)}`),
      );
      const PolicyDocument = document + ' '.repeat(blanks);
      return iam.send(new PutRolePolicyCommand({ RoleName: 'proxy', PolicyName, PolicyDocument }));
    };
    await put('one', 5000, 6000);
    await expect(put('two', 6000)).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 10240 bytes exceeded for role proxy',
    });
    await put('one', 100);
    await put('two', 6000);
  });

  it('a changed trust policy that it would not take for a new role', async () => {
    const { iam } = await anAccount();
    await iam.send(new CreateRoleCommand(aRole));
    const change = new UpdateAssumeRolePolicyCommand({
      RoleName: 'proxy',
      PolicyDocument: policy(allow('sts:AssumeRole')),
    });
    await expect(iam.send(change)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'proxy' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
  });
});
