// What is kept of an AWS call that may have changed something: never its payload.

/** One attempt of one call, as the audit keeps it. */
export interface RecordedCall {
  /** ISO 8601, when it was sent. */
  readonly at: string;
  /** Endpoint prefix of IAM's actions: `apigateway`, `iam`, `sts`, `dynamodb`, `execute-api`. */
  readonly service: string;
  readonly operation: string;
  /** Identifiers only, outermost first: `a1b2c3/xyz/GET`. */
  readonly target?: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** AWS's own id of the request, to look it up in CloudTrail. */
  readonly requestId?: string;
  /** Name of the error it was answered with. */
  readonly error?: string;
}

/** Calls of one attempt of a state, as its function returns them beside its output or leaves them in the ledger. */
export interface RecordedAttempt {
  readonly state: string;
  readonly attempt: number;
  readonly calls: readonly RecordedCall[];
}

const reads = /^(Get|BatchGet|List|Describe|Head|Query|Scan|Simulate)/;

export const isMutating = (operation: string) => !reads.test(operation);

/** Members that name what a call is about, outermost first; everything else may be payload. */
const identifiers = [
  'restApiId',
  'resourceId',
  'parentId',
  'pathPart',
  'httpMethod',
  'statusCode',
  'stageName',
  'deploymentId',
  'modelName',
  'requestValidatorId',
  'responseType',
  'RoleArn',
  'RoleName',
  'PolicyName',
  'TableName',
  'name',
] as const;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** Keys of the ledger's table are names too. */
function keysOf(input: Members): string[] {
  const item = isMembers(input.Key) ? input.Key : isMembers(input.Item) ? input.Item : {};
  return [item.pk, item.sk].flatMap(key => (isMembers(key) && typeof key.S === 'string' ? [key.S] : []));
}

export function targetOf(input: unknown): string | undefined {
  if (!isMembers(input)) return undefined;
  const names = identifiers.flatMap(member => {
    const value = input[member];
    return typeof value === 'string' ? [value] : [];
  });
  const target = [...names, ...keysOf(input)].join('/').slice(0, 256);
  return target || undefined;
}
