// Integrations derived from the catalog, compared with those AWS documents or that were recorded on AWS.
import { describe, expect, it } from 'vitest';
import { derive, operationOf, type RouteOptions } from './derived.ts';
import { known, objects, stream, topic, uri } from './known-integrations.ts';

describe('a derived integration', () => {
  it.each(known)('of $service $action is the one known to work on AWS', one => {
    const { definition, policy, problems } = derive(operationOf(one.service, one.action), one.route);
    expect(problems).toEqual([]);
    const { integration } = definition;
    expect(integration).toMatchObject({ type: 'AWS', httpMethod: one.httpMethod, uri: one.uri });
    const header = (name: string) => integration.requestParameters[`integration.request.header.${name}`];
    if (one.contentType) expect(header('Content-Type')).toBe(`'${one.contentType}'`);
    expect(header('X-Amz-Target')).toBe(one.amzTarget && `'${one.amzTarget}'`);
    expect(policy.Statement).toEqual([{ Effect: 'Allow', Action: one.actions, Resource: one.resource }]);
  });

  it('of ListTopics is the walkthrough’s: the action alone, and three answers', () => {
    const { definition } = derive(operationOf('sns', 'ListTopics'), { path: '/mydemoawsproxy' });
    expect(definition.integration).toMatchObject({
      httpMethod: 'GET',
      uri: 'arn:aws:apigateway:us-east-1:sns:action/ListTopics',
      requestParameters: {},
    });
    expect(definition.requestParameters).toEqual({});
    expect(definition.requestModel).toBeUndefined();
    expect(definition.methodResponses.map(({ statusCode }) => statusCode)).toEqual(['200', '400', '500']);
    expect(definition.integrationResponses.map(one => [one.statusCode, one.selectionPattern])).toEqual([
      ['200', undefined],
      ['400', '4\\d{2}'],
      ['500', '5\\d{2}'],
    ]);
  });

  it('of SSM never goes through action/, which would ignore the body', () => {
    const { definition } = derive(operationOf('ssm', 'GetParameter'), {
      parameters: { Name: { value: 'x' } },
    });
    expect(definition.integration.uri).toBe(uri('ssm:path//'));
  });

  it('fixes what the one resource of the role leaves no choice for', () => {
    const { members } = derive(operationOf('kinesis', 'PutRecord'), { resources: [stream] });
    const source = (name: string) => members.find(({ member }) => member === name)?.source;
    expect(source('StreamName')).toEqual({ value: 'events' });
    expect(source('Data')).toEqual({ from: 'body', name: 'Data' });
    const sns = derive(operationOf('sns', 'Publish'), { resources: [topic] });
    expect(sns.members.find(({ member }) => member === 'TopicArn')?.source).toEqual({ value: topic });
    const anyTopic = derive(operationOf('sns', 'Publish'), { resources: [`${topic}*`] });
    expect(anyTopic.members.find(({ member }) => member === 'TopicArn')?.source).toEqual({
      from: 'body',
      name: 'TopicArn',
    });
  });

  it('maps S3 objects both ways as bytes, with nothing of a caller’s choice besides', () => {
    const put = derive(operationOf('s3', 'PutObject'), objects).definition;
    expect(put.binaryMediaTypes).toEqual(['*/*']);
    expect(put.integration.requestTemplates).toEqual({});
    expect(put.integration.requestParameters).toMatchObject({
      'integration.request.path.bucket': 'method.request.path.bucket',
      'integration.request.path.key': 'method.request.path.key',
      'integration.request.header.Content-Type': 'method.request.header.Content-Type',
    });
    expect(Object.keys(put.integration.requestParameters).join()).not.toMatch(/x-amz|content-length/i);
    const get = derive(operationOf('s3', 'GetObject'), objects).definition;
    expect(get.integrationResponses[0]?.responseParameters).toMatchObject({
      'method.response.header.Content-Type': 'integration.response.header.Content-Type',
      'method.response.header.ETag': 'integration.response.header.ETag',
    });
    expect(get.methodResponses.map(({ statusCode }) => statusCode)).toEqual([
      '200',
      '206',
      '304',
      '400',
      '500',
    ]);
    for (const { methodResponses, integrationResponses } of [put, get]) {
      expect(JSON.stringify([methodResponses, integrationResponses])).not.toMatch(/Content-Length/i);
    }
  });

  it('writes constants into the place where they belong, and keeps a URI’s own query', () => {
    const bucket = { parameters: { Bucket: { value: 'my bucket/é' } } };
    expect(derive(operationOf('s3', 'GetBucketAcl'), bucket).definition.integration.uri).toBe(
      uri('s3:path/my%20bucket%2F%C3%A9?acl'),
    );
    const listed = derive(operationOf('s3', 'ListObjectsV2'), {
      parameters: { Bucket: { value: 'photos' }, Prefix: { value: 'public/' } },
    });
    expect(listed.definition.integration.requestParameters['integration.request.querystring.prefix']).toBe(
      "'public/'",
    );
    expect(listed.definition.integration.uri).toBe(uri('s3:path/photos?list-type=2'));
    expect(listed.policy.Statement[0].Resource).toEqual(['arn:aws:s3:::photos']);
  });

  it('names what is wrong with its place in the input', () => {
    const wrong = (service: string, action: string, route: RouteOptions) =>
      derive(operationOf(service, action), route).derivation.map(({ path }) => path);
    expect(wrong('lambda', 'Invoke', {})).toEqual(['$.parameters.FunctionName']);
    expect(wrong('sns', 'Publish', { parameters: { Mesage: { from: 'body' } } })).toEqual([
      '$.parameters.Mesage',
    ]);
    expect(wrong('sns', 'Publish', { httpMethod: 'GET', parameters: { Message: { from: 'body' } } })).toEqual(
      ['$.parameters.Message'],
    );
    expect(wrong('dynamodb', 'GetItem', { httpMethod: 'GET' })).toEqual(['$.parameters.Key']);
    expect(wrong('sns', 'Publish', { path: '/{topic}' })).toEqual(['$.path']);
    expect(wrong('sns', 'Publish', { parameters: { Message: { value: 7 } } })).toEqual([
      '$.parameters.Message',
    ]);
    expect(wrong('s3', 'PutObject', { parameters: { ContentLength: { from: 'header' } } })).toEqual([
      '$.parameters.ContentLength',
    ]);
    expect(wrong('s3', 'GetObject', { parameters: { VersionId: { value: "a'b" } } })).toEqual([
      '$.parameters.VersionId',
    ]);
    expect(
      wrong('s3', 'GetObject', {
        parameters: { Bucket: { from: 'query', name: 'x' }, Key: { from: 'header', name: 'x' } },
      }),
    ).toEqual(['$.parameters.Key']);
  });

  it('fills an idempotency token with the request’s id, which no caller has to give', () => {
    const update = derive(operationOf('ssm', 'CreateMaintenanceWindow'), { httpMethod: 'POST' });
    expect(update.definition.integration.requestTemplates['application/json']).toContain(
      '"ClientToken":"$context.requestId"',
    );
    const inQuery = derive(operationOf('iot', 'DeletePackage'), { path: '/{packageName}' });
    expect(inQuery.definition.integration.requestParameters).toMatchObject({
      'integration.request.querystring.clientToken': 'context.requestId',
    });
    const token = derive(operationOf('athena', 'StartQueryExecution')).members.find(
      ({ member }) => member === 'ClientRequestToken',
    );
    expect(token?.required).toBe(false);
  });

  it('takes single headers and parameters of a set, which no mapping holds whole', () => {
    const { definition, derivation } = derive(operationOf('s3', 'PutObject'), {
      ...objects,
      parameters: { 'Metadata.author': { from: 'header' }, 'Metadata.by': { value: 'us' } },
    });
    expect(derivation).toEqual([]);
    expect(definition.integration.requestParameters).toMatchObject({
      'integration.request.header.x-amz-meta-author': 'method.request.header.x-amz-meta-author',
      'integration.request.header.x-amz-meta-by': "'us'",
    });
    const whole = derive(operationOf('s3', 'PutObject'), {
      ...objects,
      parameters: { Metadata: { from: 'header' } },
    });
    expect(whole.derivation[0]?.message).toContain('name each, as in "Metadata.name"');
  });

  it('belongs to the partition and region it is made for', () => {
    const inChina = { partition: 'aws-cn', region: 'cn-north-1', account: '111122223333' };
    const { definition, policy } = derive(
      operationOf('sqs', 'SendMessage'),
      { resources: ['arn:aws-cn:sqs:cn-north-1:111122223333:orders'] },
      inChina,
    );
    expect(definition.integration.uri).toBe('arn:aws-cn:apigateway:cn-north-1:sqs:path/111122223333/orders');
    expect(definition.integration.requestTemplates['application/json']).toContain(
      '"https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders"',
    );
    expect(policy.Statement[0].Resource).toEqual(['arn:aws-cn:sqs:cn-north-1:111122223333:orders']);
  });
});
