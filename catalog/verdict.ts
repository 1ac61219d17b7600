// Whether an operation can be exposed through API Gateway: verified, unverified, or rejected with the reason.
import type { Model, ModelOperation } from './model.ts';
import type { Verdict } from './service-file.ts';

const guide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/';
const recorded = 'requests through API Gateway recorded on AWS';
const sample = "AWS's own tutorials and samples";

/** By API Gateway's name of the service. It keeps a list of those it accepts, which is not published. */
const verifiedServices: Readonly<Record<string, string>> = {
  sns: `${guide}getting-started-aws-proxy.html`,
  s3: `${guide}integrating-api-with-aws-services-s3.html`,
  kinesis: `${guide}integrating-api-with-aws-services-kinesis.html`,
  lambda: `${guide}integrating-api-with-aws-services-lambda.html`,
  ...Object.fromEntries(['dynamodb', 'events', 'sqs', 'ssm', 'states'].map(name => [name, recorded])),
  ...Object.fromEntries(
    [
      'batch',
      'cloudtrail',
      'comprehend',
      'ecs',
      'email',
      'firehose',
      'monitoring',
      'rekognition',
      'runtime.sagemaker',
      'textract',
      'translate',
    ].map(name => [name, sample]),
  ),
};

/** Known to work although their host name has a prefix. */
const verifiedOperations: Readonly<Record<string, string>> = {
  'states StartSyncExecution':
    'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigateway.StepFunctionsRestApi.html',
};

/** Users report that CreateDeployment refuses these: "AWS Service of type X not supported". */
const rejectedServices = new Set([
  'apigateway',
  'apigatewaymanagementapi',
  'bedrock-agentcore',
  'execute-api',
]);

function rejection(service: string, model: Model, operation: ModelOperation): string | undefined {
  const { endpoint, auth, authtype, endpointdiscovery, input, output } = operation;
  const { endpointPrefix, signatureVersion } = model.metadata;
  if (rejectedServices.has(service) || rejectedServices.has(endpointPrefix)) {
    return 'API Gateway does not take this service as a target';
  }
  if (endpoint?.hostPrefix?.includes('{')) return 'the host name depends on a parameter';
  const isUnsigned =
    authtype === 'none' || authtype === 'bearer' || auth?.every(kind => /noAuth|bearer/i.test(kind));
  if (isUnsigned || !/^(?:v4|s3|s3v4)$/.test(signatureVersion))
    return 'the operation is not signed with SigV4';
  if (endpointdiscovery?.required) return 'the operation needs endpoint discovery';
  const hasStream = [input, output].some(reference =>
    Object.values(model.shapes[reference?.shape ?? '']?.members ?? {}).some(
      member => model.shapes[member.shape]?.eventstream,
    ),
  );
  return hasStream ? 'the operation uses an event stream' : undefined;
}

/** What may go wrong though the integration can be derived. */
function caveat(model: Model, operation: ModelOperation): string | undefined {
  const { endpointPrefix, signingName = endpointPrefix, globalEndpoint } = model.metadata;
  const members = Object.entries(model.shapes[operation.input?.shape ?? '']?.members ?? {});
  // As in https://docs.aws.amazon.com/solutions/latest/constructs/aws-apigateway-iot.html
  if (signingName === 'iotdata')
    return "API Gateway takes it by the account's own endpoint, ENDPOINT.iotdata, which an input cannot name";
  if (operation.endpoint?.hostPrefix) return `the host name has a prefix: ${operation.endpoint.hostPrefix}`;
  if (globalEndpoint && endpointPrefix !== 's3')
    return `the service has one endpoint for all regions: ${globalEndpoint}`;
  if (members.some(([name, { location }]) => location === 'uri' && /arn$/i.test(name))) {
    return 'an ARN stands in the path, whose slashes API Gateway may not keep encoded';
  }
  if (operation.httpChecksumRequired || operation.httpChecksum?.requestChecksumRequired) {
    return 'the caller has to send a checksum of the body';
  }
  if (signingName !== endpointPrefix && !(endpointPrefix in verifiedServices)) {
    return `the service signs under another name, for which API Gateway has no setting: ${signingName}`;
  }
  if (
    members.some(([, member]) => model.shapes[member.shape]?.type === 'blob' && isStreaming(model, member))
  ) {
    return endpointPrefix === 's3' ? undefined : 'API Gateway passes bodies of 10 MB at most';
  }
  return undefined;
}

const isStreaming = (
  model: Model,
  member: { readonly shape: string; readonly streaming?: boolean },
): boolean => member.streaming === true || model.shapes[member.shape]?.streaming === true;

export function verdictOf(
  service: string,
  action: string,
  model: Model,
  operation: ModelOperation,
  actions: readonly string[],
): Verdict {
  const reason =
    rejection(service, model, operation) ??
    (actions.length === 0 ? `no IAM action of this name is known: ${service}:${action}` : undefined);
  if (reason !== undefined) return { status: 'rejected', reason };
  const { endpointPrefix } = model.metadata;
  const verified = verifiedOperations[`${endpointPrefix} ${action}`];
  if (verified) return { status: 'verified', source: verified };
  const source = verifiedServices[endpointPrefix];
  const doubt = caveat(model, operation);
  if (doubt !== undefined) return { status: 'unverified', reason: doubt, ...(source && { source }) };
  if (!source)
    return { status: 'unverified', reason: 'nobody is known to have tried this service with API Gateway' };
  return { status: 'verified', source };
}
