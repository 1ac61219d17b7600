// The AWS services known by their wire format: protocol, names on the wire and where the service model comes from.

export type Protocol = 'restJson1' | 'awsJson1.0' | 'awsJson1.1' | 'awsQuery' | 'restXml';

export interface WireService {
  readonly protocol: Protocol;
  /** Prefix of the X-Amz-Target header, for the awsJson protocols. */
  readonly target?: string;
  /** Namespace and version of the XML answers of the query protocol. */
  readonly xmlNamespace?: string;
  /** What stands before the error's name in `__type`. */
  readonly errorPrefix?: string;
  /** Error codes of the older query protocol travel in a header beside the JSON ones. */
  readonly queryCompatible?: boolean;
  /** The SDK client's package, whose root exports the schema of each operation and error. */
  readonly load: () => Promise<object>;
}

/** By the name that a service's requests are signed with; it is also the prefix of its IAM actions. */
export const wireServices: Readonly<Record<string, WireService>> = {
  apigateway: { protocol: 'restJson1', load: () => import('@aws-sdk/client-api-gateway') },
  cloudtrail: {
    protocol: 'awsJson1.1',
    target: 'CloudTrail_20131101',
    load: () => import('@aws-sdk/client-cloudtrail'),
  },
  dynamodb: {
    protocol: 'awsJson1.0',
    target: 'DynamoDB_20120810',
    errorPrefix: 'com.amazonaws.dynamodb.v20120810#',
    load: () => import('@aws-sdk/client-dynamodb'),
  },
  events: { protocol: 'awsJson1.1', target: 'AWSEvents', load: () => import('@aws-sdk/client-eventbridge') },
  iam: {
    protocol: 'awsQuery',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    load: () => import('@aws-sdk/client-iam'),
  },
  kinesis: {
    protocol: 'awsJson1.1',
    target: 'Kinesis_20131202',
    load: () => import('@aws-sdk/client-kinesis'),
  },
  lambda: { protocol: 'restJson1', load: () => import('@aws-sdk/client-lambda') },
  s3: { protocol: 'restXml', load: () => import('@aws-sdk/client-s3') },
  sns: {
    protocol: 'awsQuery',
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    load: () => import('@aws-sdk/client-sns'),
  },
  sqs: {
    protocol: 'awsJson1.0',
    target: 'AmazonSQS',
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    errorPrefix: 'com.amazonaws.sqs#',
    queryCompatible: true,
    load: () => import('@aws-sdk/client-sqs'),
  },
  ssm: {
    protocol: 'awsJson1.1',
    target: 'AmazonSSM',
    xmlNamespace: 'http://ssm.amazonaws.com/doc/2014-11-06/',
    load: () => import('@aws-sdk/client-ssm'),
  },
  states: {
    protocol: 'awsJson1.0',
    target: 'AWSStepFunctions',
    errorPrefix: 'com.amazonaws.swf.service.v2.model#',
    load: () => import('@aws-sdk/client-sfn'),
  },
  sts: {
    protocol: 'awsQuery',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    load: () => import('@aws-sdk/client-sts'),
  },
};
