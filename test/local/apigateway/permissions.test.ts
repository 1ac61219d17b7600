// What IAM must allow for a call to API Gateway.
import { describe, expect, it } from 'vitest';
import { apiGatewayService } from '../../../local/apigateway/service.ts';
import { anAccount } from '../front-door.ts';

const aws = anAccount();
const service = apiGatewayService(aws);
const authorize = (operation: string, input: Record<string, unknown>) =>
  service.authorize(operation, input, {
    aws,
    region: 'eu-west-1',
    requestId: 'r',
    caller: { account: aws.account, arn: 'arn:aws:iam::000000000000:root', accessKeyId: 'k' },
  });

describe('the permission a call needs', () => {
  it('is an HTTP verb on the path of what it touches', () => {
    expect(authorize('CreateResource', { restApiId: 'a', parentId: 'p', pathPart: 'x' })).toEqual([
      { action: 'apigateway:POST', resource: 'arn:aws:apigateway:eu-west-1::/restapis/a/resources/p' },
    ]);
    expect(authorize('UpdateStage', { restApiId: 'a', stageName: 's' })).toEqual([
      { action: 'apigateway:PATCH', resource: 'arn:aws:apigateway:eu-west-1::/restapis/a/stages/s' },
    ]);
  });

  it('includes passing the role that API Gateway is given', () => {
    const name = { restApiId: 'a', resourceId: 'r', httpMethod: 'GET' };
    const role = 'arn:aws:iam::000000000000:role/integration';
    const passed = {
      action: 'iam:PassRole',
      resource: role,
      conditions: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
    };
    const patchOperations = [{ op: 'replace', path: '/credentials', value: role }];
    expect(authorize('PutIntegration', { ...name, credentials: role })).toContainEqual(passed);
    expect(authorize('UpdateIntegration', { ...name, patchOperations })).toContainEqual(passed);
    expect(authorize('PutIntegration', { ...name, credentials: 'arn:aws:iam::*:user/*' })).toHaveLength(1);
  });

  it('is known for every operation', () => {
    for (const operation of Object.keys(service.operations)) expect(authorize(operation, {})).not.toEqual([]);
  });
});
