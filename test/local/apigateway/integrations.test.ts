// Methods and what they integrate with.
import type { PutIntegrationRequest } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { aGateway, anApi, refusal } from './gateway.ts';

const role = 'arn:aws:iam::000000000000:role/integration';
const listTopics = 'arn:aws:apigateway:us-east-1:sns:action/ListTopics';

describe('PutIntegration', () => {
  it('fills in what was left out', async () => {
    const { gateway } = aGateway();
    const { root } = await anApi(gateway, 'none');
    await gateway.putIntegration({
      ...root,
      type: 'AWS',
      integrationHttpMethod: 'post',
      uri: listTopics,
      credentials: role,
    });
    const { $metadata: _, ...integration } = await gateway.getIntegration(root);
    expect(integration).toEqual({
      type: 'AWS',
      httpMethod: 'POST',
      uri: listTopics,
      credentials: role,
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29000,
      cacheNamespace: root.resourceId,
      cacheKeyParameters: [],
    });
  });

  it('drops the responses of the integration it replaces', async () => {
    const { gateway } = aGateway();
    const { root } = await anApi(gateway);
    await gateway.putIntegrationResponse({ ...root, statusCode: '200' });
    await gateway.putIntegration({ ...root, type: 'MOCK' });
    expect((await gateway.getIntegration(root)).integrationResponses).toBeUndefined();
    expect(await refusal(gateway.getIntegrationResponse({ ...root, statusCode: '200' }))).toBe(
      'NotFoundException: Invalid Response status code specified',
    );
  });

  const aws = { type: 'AWS', integrationHttpMethod: 'POST', uri: listTopics, credentials: role } as const;
  const refused: [why: string, change: Partial<PutIntegrationRequest>, refusal: string][] = [
    [
      'no role',
      { credentials: undefined },
      'BadRequestException: Role ARN must be specified for AWS integrations',
    ],
    [
      "another account's role",
      { credentials: 'arn:aws:iam::111111111111:role/x' },
      'AccessDeniedException: Cross-account pass role is not allowed.',
    ],
    ['no ARN', { uri: 'sns' }, 'BadRequestException: Invalid ARN specified in the request'],
    [
      'neither path nor action',
      { uri: 'arn:aws:sns:us-east-1:000000000000:topic' },
      'BadRequestException: AWS ARN for integration must contain path or action',
    ],
    [
      'a proxy of SNS',
      { type: 'AWS_PROXY' },
      "BadRequestException: Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    ],
    [
      'a parameter the method does not declare',
      { requestParameters: { 'integration.request.querystring.a': 'method.request.querystring.a' } },
      'BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.querystring.a]',
    ],
    [
      'a long time-out',
      { timeoutInMillis: 30000 },
      'BadRequestException: Timeout should be between 50 ms and 29000 ms',
    ],
    [
      'no HTTP method',
      { integrationHttpMethod: undefined },
      'BadRequestException: Enumeration value for HttpMethod must be non-empty',
    ],
  ];
  it.each(refused)('refuses %s and keeps what was there', async (_, change, expected) => {
    const { gateway } = aGateway();
    const { root } = await anApi(gateway);
    expect(await refusal(gateway.putIntegration({ ...root, ...aws, ...change }))).toBe(expected);
    expect((await gateway.getIntegration(root)).type).toBe('MOCK');
  });

  it("takes the caller's own identity, a Lambda function without a role and declared parameters", async () => {
    const { gateway } = aGateway();
    const { restApiId, root } = await anApi(gateway);
    const post = { ...root, httpMethod: 'POST' };
    await gateway.putMethod({
      ...post,
      authorizationType: 'NONE',
      requestParameters: { 'method.request.querystring.a': true },
    });
    await gateway.putIntegration({
      ...post,
      ...aws,
      credentials: 'arn:aws:iam::*:user/*',
      requestParameters: {
        'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'",
        'integration.request.querystring.a': 'method.request.querystring.a',
        'integration.request.header.stage': 'context.stage',
      },
    });
    const uri =
      'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations';
    await gateway.putIntegration({ ...root, type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri });
    const { items = [] } = await gateway.getResources({ restApiId, embed: ['methods'] });
    expect(
      Object.values(items[0]?.resourceMethods ?? {}).map(method => method.methodIntegration?.type),
    ).toEqual(['AWS_PROXY', 'AWS']);
  });
});

describe('PutIntegrationResponse', () => {
  it('takes only headers that the method response declares', async () => {
    const { gateway } = aGateway();
    const { root } = await anApi(gateway);
    const response = {
      ...root,
      statusCode: '200',
      responseParameters: { 'method.response.header.x-id': 'integration.response.header.id' },
    };
    expect(await refusal(gateway.putIntegrationResponse(response))).toMatch(
      /\[Invalid mapping expression parameter specified: method.response.header.x-id\]$/,
    );
    await gateway.putMethodResponse({
      ...root,
      statusCode: '200',
      responseParameters: { 'method.response.header.x-id': false },
    });
    await gateway.putIntegrationResponse(response);
    const { methodIntegration } = await gateway.getMethod(root);
    expect(methodIntegration?.integrationResponses?.['200']?.responseParameters).toEqual(
      response.responseParameters,
    );
  });
});

describe('an update', () => {
  it('keeps none of its changes when one of them is refused', async () => {
    const { gateway } = aGateway();
    const { root } = await anApi(gateway);
    const patchOperations = [
      { op: 'replace', path: '/timeoutInMillis', value: '1000' },
      { op: 'replace', path: '/nonsense', value: 'x' },
    ] as const;
    expect(await refusal(gateway.updateIntegration({ ...root, patchOperations: [...patchOperations] }))).toBe(
      'BadRequestException: Invalid patch path /nonsense',
    );
    expect((await gateway.getIntegration(root)).timeoutInMillis).toBe(29000);
  });
});
