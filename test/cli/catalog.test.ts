// What the catalog answers on the command line, as JSON and in words.
import { describe, expect, it } from 'vitest';
import { ofOperation, ofService, overview } from '../../cli/catalog-answers.ts';
import { operationInWords, overviewInWords, serviceInWords } from '../../cli/catalog-words.ts';

describe('the catalog', () => {
  it('counts every operation once, by protocol and by why it cannot be exposed', () => {
    const { operations, derivable, byProtocol, byReason, byStatus } = overview();
    const sum = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((all, one) => all + one, 0);
    expect(sum(byProtocol)).toBe(derivable);
    expect(sum(byReason)).toBe(operations - derivable);
    expect(sum(byStatus)).toBe(operations);
    expect(Object.keys(byProtocol).sort()).toEqual([
      ...['ec2', 'json-1.0', 'json-1.1', 'query', 'rest-json', 'rest-xml'],
    ]);
  });

  it('says of ListTopics what the walkthrough does by hand', () => {
    expect(ofOperation('SNS', 'listtopics')).toMatchObject({
      service: 'sns',
      action: 'ListTopics',
      protocol: 'query',
      readOnly: true,
      status: 'verified',
      reason: null,
      httpMethod: 'GET',
      integration: {
        httpMethod: 'GET',
        uri: 'arn:{partition}:apigateway:{region}:sns:action/ListTopics',
        requestParameters: {},
        passthroughBehavior: 'NEVER',
      },
      requestModel: null,
      parameters: [],
      iam: { actions: ['sns:ListTopics'], resources: ['*'] },
    });
  });

  it('names what a role may need besides', () => {
    const { iam } = ofOperation('ecs', 'RunTask');
    expect(iam.actions).toEqual(['ecs:RunTask']);
    expect(iam.needs).toContain('iam:PassRole on the role given as taskRoleArn');
  });

  it('has no integration for what cannot be exposed, and says why', () => {
    for (const [service, action, reason] of [
      ['lambda', 'InvokeWithResponseStream', /event stream/],
      ['apigateway', 'GetRestApis', /does not take this service/],
      ['cognito-idp', 'SignUp', /not signed/],
    ] as const) {
      const found = ofOperation(service, action);
      expect(found).toMatchObject({ status: 'rejected', integration: null });
      expect(found.reason).toMatch(reason);
    }
  });

  it('knows what AWS documents of single operations and services', () => {
    expect(ofOperation('stepfunctions', 'StartSyncExecution')).toMatchObject({
      status: 'verified',
      source: expect.stringContaining('StepFunctionsRestApi'),
      integration: { uri: expect.stringMatching(/:states:action\/StartSyncExecution$/) },
    });
    expect(ofOperation('iot-data', 'Publish')).toMatchObject({
      status: 'unverified',
      reason: expect.stringContaining('ENDPOINT.iotdata'),
    });
  });

  it.each([
    ['S3.getobject', '', 's3 GetObject'],
    ['dynamdb', '', 'dynamodb'],
    ['dynmaodb', '', 'dynamodb'],
    ['elb', 'DescribeLoadBalancer', 'DescribeLoadBalancers'],
    ['bedrock', 'invokemodel', 'bedrock-runtime InvokeModel'],
    ['iot', 'Publish', 'iot-data Publish'],
    ['s3', 'S3.getobject', 'GetObject'],
    ['sns', 'ListTopcs', 'ListTopics'],
  ])('answers %s %s with the right spelling', (service, action, right) => {
    const look = () => (action === '' ? ofService(service) : ofOperation(service, action));
    expect(look).toThrow(`did you mean ${right}`);
  });

  it('fits a terminal of 80 columns, but for single words that do not', () => {
    const texts = [
      overviewInWords(overview()),
      ...['sns', 's3', 'lambda', 'iot'].map(service => serviceInWords(ofService(service))),
      ...(['ec2 RunInstances', 's3 PutObject', 'dynamodb Query', 'iot CreateTopicRule'] as const).map(
        name => {
          const [service = '', action = ''] = name.split(' ');
          return operationInWords(ofOperation(service, action));
        },
      ),
    ];
    for (const line of texts.flatMap(text => text.split('\n'))) {
      if (line.length > 80) expect(line.trim()).not.toContain(' ');
    }
  });
});
