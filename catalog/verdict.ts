// Whether an operation can be exposed through API Gateway: verified, unverified, or rejected with the reason.
import type { OperationPermissions } from '../core/operation.ts';

interface Verdict {
  readonly status: 'verified' | 'unverified' | 'rejected';
  readonly reason?: string;
  readonly source?: string;
}

/** Answered through API Gateway on real AWS, or shown in AWS's own tutorials. */
const verifiedServices: Readonly<Record<string, string>> = {
  sns: 'AWS walkthrough "Build an API Gateway API with AWS Integration"',
  s3: 'AWS tutorial "Create a REST API as an Amazon S3 proxy"',
  kinesis: 'AWS tutorial "Create a REST API as an Amazon Kinesis proxy"',
  lambda: 'AWS tutorial "Create a REST API with an AWS integration" for Lambda',
  dynamodb: 'recorded on AWS',
  sqs: 'recorded on AWS',
  stepfunctions: 'recorded on AWS',
  events: 'recorded on AWS',
  ssm: 'recorded on AWS',
};

/** Reported to be refused when the API is deployed: "AWS Service of type X not supported". */
const rejectedServices = new Set([
  'execute-api',
  'apigateway',
  'apigatewaymanagementapi',
  'apigatewayv2',
  'bedrock-agentcore',
]);

interface ModelLike {
  readonly metadata: object;
  readonly shapes: Readonly<
    Record<string, { readonly members?: Readonly<Record<string, { readonly shape: string }>> }>
  >;
}

export function verdictOf(
  service: string,
  action: string,
  model: ModelLike,
  operation: object,
  iam: OperationPermissions,
): Verdict {
  const { endpoint, authtype, auth, endpointdiscovery, input, output } = operation as {
    readonly endpoint?: { readonly hostPrefix?: string };
    readonly authtype?: string;
    readonly auth?: readonly string[];
    readonly endpointdiscovery?: { readonly required?: boolean };
    readonly input?: { readonly shape: string };
    readonly output?: { readonly shape: string };
  };
  const rejected = (reason: string): Verdict => ({ status: 'rejected', reason });
  if (rejectedServices.has(service)) return rejected('API Gateway does not take this service as a target');
  if (endpoint?.hostPrefix?.includes('{')) return rejected('the host name depends on a parameter');
  if (authtype === 'none' || auth?.some(kind => /noAuth|bearer/i.test(kind)))
    return rejected('the operation is not signed with SigV4');
  if (endpointdiscovery?.required) return rejected('the operation needs endpoint discovery');
  const streams = [input, output].some(reference =>
    Object.values(model.shapes[reference?.shape ?? '']?.members ?? {}).some(
      member => (model.shapes[member.shape] as { readonly eventstream?: boolean } | undefined)?.eventstream,
    ),
  );
  if (streams) return rejected('the operation uses an event stream');
  if (iam.actions.length === 0) return rejected(`no IAM action is known for ${service}:${action}`);
  const source = verifiedServices[service];
  return source ? { status: 'verified', source } : { status: 'unverified', reason: 'not tried on AWS' };
}
