// The AWS managed policies whose content is a service's every action, which is what they are by AWS's own documents.
import { type Aws, ServiceError } from '../service.ts';
import { policies } from './model.ts';

const fullAccess: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AmazonAPIGatewayAdministrator: ['apigateway:*'],
  AmazonAPIGatewayInvokeFullAccess: ['execute-api:Invoke', 'execute-api:ManageConnections'],
  AmazonKinesisFullAccess: ['kinesis:*'],
  AmazonS3FullAccess: ['s3:*', 's3-object-lambda:*'],
  AmazonSNSFullAccess: ['sns:*'],
  AmazonSQSFullAccess: ['sqs:*'],
  AWSStepFunctionsFullAccess: ['states:*'],
  'service-role/AWSLambdaBasicExecutionRole': [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
  'service-role/AWSLambdaRole': ['lambda:InvokeFunction'],
};

const awsOwned = /^arn:aws:iam::aws:policy\/(.+)$/;

/** The document behind a policy ARN, the account's own or AWS's; undefined where there is none. */
export function managedPolicyDocument(aws: Aws, policyArn: string): string | undefined {
  const name = awsOwned.exec(policyArn)?.[1];
  if (name === undefined) return policies(aws).get(policyArn)?.document;
  const actions = fullAccess[name];
  if (!actions) {
    throw new ServiceError(
      'NotImplemented',
      501,
      `NotImplemented: the AWS managed policy ${policyArn} is not part of the embedded AWS.`,
    );
  }
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
}
