// Integrations that AWS documents, or that were recorded on AWS, for an account 111122223333 in us-east-1.
import type { RouteOptions } from './derived.ts';

export const uri = (rest: string) => `arn:aws:apigateway:us-east-1:${rest}`;
const arn = (rest: string) => `arn:aws:${rest}`;

interface Known {
  readonly service: string;
  readonly action: string;
  readonly route?: RouteOptions;
  readonly httpMethod: string;
  readonly uri: string;
  readonly contentType?: string;
  readonly amzTarget?: string;
  readonly actions: readonly string[];
  readonly resource: string | readonly string[];
}

export const stream = arn('kinesis:us-east-1:111122223333:stream/events');
const table = arn('dynamodb:us-east-1:111122223333:table/items');
const queue = arn('sqs:us-east-1:111122223333:orders');
export const topic = arn('sns:us-east-1:111122223333:news');
const kinesis = (action: string, needsStream = true): Known => ({
  service: 'kinesis',
  action,
  ...(needsStream && { route: { httpMethod: 'POST', resources: [stream] } }),
  httpMethod: 'POST',
  uri: uri(`kinesis:action/${action}`),
  contentType: 'application/x-amz-json-1.1',
  amzTarget: `Kinesis_20131202.${action}`,
  actions: [`kinesis:${action}`],
  resource: needsStream ? [stream] : '*',
});
const dynamodb = (action: string): Known => ({
  service: 'dynamodb',
  action,
  route: { httpMethod: 'POST', resources: [table] },
  httpMethod: 'POST',
  uri: uri(`dynamodb:action/${action}`),
  contentType: 'application/x-amz-json-1.0',
  amzTarget: `DynamoDB_20120810.${action}`,
  actions: [`dynamodb:${action}`],
  resource: [table],
});
export const objects = { path: '/{bucket}/{key+}', resources: [arn('s3:::photos/*')] };
const s3 = (action: string, httpMethod: string, iam = action): Known => ({
  service: 's3',
  action,
  route: objects,
  httpMethod,
  uri: uri('s3:path/{bucket}/{key}'),
  actions: [`s3:${iam}`],
  resource: objects.resources,
});

/** Of a service that speaks JSON and of which no path is known to have been recorded. */
const json = (
  service: string,
  action: string,
  prefix: string,
  amzTarget: string,
  resource: string,
  iam = service,
): Known => ({
  service,
  action,
  route: { httpMethod: 'POST', ...(resource !== '*' && { resources: [arn(resource)] }) },
  httpMethod: 'POST',
  uri: uri(`${prefix}:path//`),
  contentType: 'application/x-amz-json-1.1',
  amzTarget: `${amzTarget}.${action}`,
  actions: [`${iam}:${action}`],
  resource: resource === '*' ? '*' : [arn(resource)],
});
const here = 'us-east-1:111122223333';

export const known: readonly Known[] = [
  json('firehose', 'PutRecord', 'firehose', 'Firehose_20150804', `firehose:${here}:deliverystream/logs`),
  json('comprehend', 'DetectSentiment', 'comprehend', 'Comprehend_20171127', '*'),
  json('translate', 'TranslateText', 'translate', 'AWSShineFrontendService_20170701', '*'),
  json('rekognition', 'DetectFaces', 'rekognition', 'RekognitionService', '*'),
  json('textract', 'DetectDocumentText', 'textract', 'Textract', '*'),
  json('logs', 'PutLogEvents', 'logs', 'Logs_20140328', `logs:${here}:log-group:g:log-stream:s`),
  json(
    'secretsmanager',
    'GetSecretValue',
    'secretsmanager',
    'secretsmanager',
    `secretsmanager:${here}:secret:s-1`,
  ),
  json('ssm', 'GetParameter', 'ssm', 'AmazonSSM', `ssm:${here}:parameter/p`),
  json('ecs', 'RunTask', 'ecs', 'AmazonEC2ContainerServiceV20141113', `ecs:${here}:task-definition/web:1`),
  {
    service: 'batch',
    action: 'SubmitJob',
    route: { resources: [arn(`batch:${here}:job-queue/q`)] },
    httpMethod: 'POST',
    uri: uri('batch:path/v1/submitjob'),
    contentType: 'application/json',
    actions: ['batch:SubmitJob'],
    resource: [arn(`batch:${here}:job-queue/q`)],
  },
  {
    service: 'sagemaker-runtime',
    action: 'InvokeEndpoint',
    route: { path: '/{EndpointName}', resources: [arn(`sagemaker:${here}:endpoint/*`)] },
    httpMethod: 'POST',
    uri: uri('runtime.sagemaker:path/endpoints/{endpointname}/invocations'),
    actions: ['sagemaker:InvokeEndpoint'],
    resource: [arn(`sagemaker:${here}:endpoint/*`)],
  },
  {
    service: 'ses',
    action: 'SendEmail',
    route: { resources: [arn(`ses:${here}:identity/example.com`)] },
    httpMethod: 'POST',
    uri: uri('email:path//'),
    contentType: 'application/x-www-form-urlencoded',
    actions: ['ses:SendEmail'],
    resource: [arn(`ses:${here}:identity/example.com`)],
  },
  {
    service: 'cloudwatch',
    action: 'PutMetricData',
    httpMethod: 'POST',
    uri: uri('monitoring:path//'),
    contentType: 'application/x-amz-json-1.0',
    amzTarget: 'GraniteServiceVersion20100801.PutMetricData',
    actions: ['cloudwatch:PutMetricData'],
    resource: '*',
  },
  {
    service: 'sns',
    action: 'ListTopics',
    httpMethod: 'GET',
    uri: uri('sns:action/ListTopics'),
    actions: ['sns:ListTopics'],
    resource: '*',
  },
  {
    service: 'sns',
    action: 'Publish',
    route: { resources: [topic] },
    httpMethod: 'POST',
    uri: uri('sns:path//'),
    contentType: 'application/x-www-form-urlencoded',
    actions: ['sns:Publish'],
    resource: [topic],
  },
  {
    service: 's3',
    action: 'ListBuckets',
    httpMethod: 'GET',
    uri: uri('s3:path//'),
    actions: ['s3:ListAllMyBuckets'],
    resource: '*',
  },
  {
    service: 's3',
    action: 'ListObjects',
    route: {
      path: '/{folder}',
      parameters: { Bucket: { from: 'path', name: 'folder' } },
      resources: [arn('s3:::photos')],
    },
    httpMethod: 'GET',
    uri: uri('s3:path/{bucket}'),
    actions: ['s3:ListBucket'],
    resource: [arn('s3:::photos')],
  },
  s3('GetObject', 'GET'),
  s3('PutObject', 'PUT'),
  s3('DeleteObject', 'DELETE'),
  s3('HeadObject', 'HEAD', 'GetObject'),
  kinesis('ListStreams', false),
  ...['DescribeStream', 'PutRecord', 'PutRecords', 'GetRecords'].map(action => kinesis(action)),
  {
    service: 'lambda',
    action: 'Invoke',
    route: { parameters: { FunctionName: { value: 'greet' } } },
    httpMethod: 'POST',
    uri: uri(
      `lambda:path/2015-03-31/functions/${arn('lambda:us-east-1:111122223333:function:greet')}/invocations`,
    ),
    actions: ['lambda:InvokeFunction'],
    resource: [arn('lambda:us-east-1:111122223333:function:greet')],
  },
  ...['GetItem', 'PutItem', 'Query'].map(dynamodb),
  {
    service: 'sqs',
    action: 'SendMessage',
    route: { resources: [queue] },
    httpMethod: 'POST',
    uri: uri('sqs:path/111122223333/orders'),
    contentType: 'application/x-amz-json-1.0',
    amzTarget: 'AmazonSQS.SendMessage',
    actions: ['sqs:SendMessage'],
    resource: [queue],
  },
  {
    service: 'states',
    action: 'StartExecution',
    route: { resources: [arn('states:us-east-1:111122223333:stateMachine:flow')] },
    httpMethod: 'POST',
    uri: uri('states:action/StartExecution'),
    contentType: 'application/x-amz-json-1.0',
    amzTarget: 'AWSStepFunctions.StartExecution',
    actions: ['states:StartExecution'],
    resource: [arn('states:us-east-1:111122223333:stateMachine:flow')],
  },
  {
    service: 'eventbridge',
    action: 'PutEvents',
    route: { resources: [arn('events:us-east-1:111122223333:event-bus/orders')] },
    httpMethod: 'POST',
    uri: uri('events:action/PutEvents'),
    contentType: 'application/x-amz-json-1.1',
    amzTarget: 'AWSEvents.PutEvents',
    actions: ['events:PutEvents'],
    resource: [arn('events:us-east-1:111122223333:event-bus/orders')],
  },
];
