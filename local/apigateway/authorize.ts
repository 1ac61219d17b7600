// What IAM must allow for API Gateway's operations: an HTTP verb on the path of the operation.
import * as apiGateway from '@aws-sdk/client-api-gateway';
import type { Authorization, CallContext } from '../service.ts';
import { isPassThroughOfCaller } from './integration-uri.ts';

type Input = Readonly<Record<string, unknown>>;

interface Binding {
  readonly method: string;
  /** Path with `{member}` places. */
  readonly path: string;
  readonly members: readonly string[];
}

/** From the operation's schema in the SDK: [kind, namespace, name, { http: [method, path, status] }, …]. */
export function bindingOf(operation: string): Binding | undefined {
  const schema = (apiGateway as Readonly<Record<string, unknown>>)[`${operation}$`];
  const traits = Array.isArray(schema) ? (schema[3] as { http?: readonly unknown[] } | undefined) : undefined;
  const [method, target] = traits?.http ?? [];
  if (typeof method !== 'string' || typeof target !== 'string') return undefined;
  const path = target.split('?')[0] ?? '';
  return { method, path, members: [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, member = '']) => member) };
}

export function authorizationsOf(
  binding: Binding | undefined,
  operation: string,
  input: Input,
  { aws, region }: CallContext,
): readonly Authorization[] {
  if (!binding) return [];
  const path = binding.path.replaceAll(/\{(\w+)\+?\}/g, (_, member) =>
    encodeURIComponent(String(input[member] ?? '')),
  );
  const arn = `arn:${aws.partition}:apigateway:${region}::${path}`;
  return [
    { action: `apigateway:${binding.method}`, resource: arn },
    ...(makesWithTags(operation, input) ? [{ action: 'apigateway:PUT', resource: tagsOf(arn) }] : []),
    ...rolesPassed(operation, input).map(resource => ({
      action: 'iam:PassRole',
      resource,
      conditions: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
    })),
  ];
}

const makesWithTags = (operation: string, { tags }: Input) =>
  operation.startsWith('Create') && Object.keys(tags ?? {}).length > 0;

/**
 * What is made with tags takes the permission to tag it, on the ARN that it will have:
 * https://github.com/mattclay/aws-terminator/pull/284 quotes API Gateway's refusal.
 */
const tagsOf = (collection: string) =>
  `${collection.split('::')[0]}::/tags/${encodeURIComponent(`${collection}/`)}*`;

/** Roles that a call hands to API Gateway. The caller's own identity is not a role. */
function rolesPassed(operation: string, input: Input): string[] {
  const given = {
    PutIntegration: [input.credentials],
    UpdateIntegration: patchedWith(input, '/credentials'),
    CreateAuthorizer: [input.authorizerCredentials],
    UpdateAuthorizer: patchedWith(input, '/authorizerCredentials'),
    PutRestApi: rolesInDocument(input),
    ImportRestApi: rolesInDocument(input),
    UpdateAccount: patchedWith(input, '/cloudwatchRoleArn'),
  }[operation];
  return (given ?? []).filter(
    (role): role is string => typeof role === 'string' && role !== '' && !isPassThroughOfCaller(role),
  );
}

/** The document may be JSON or YAML: both write a member's name, a colon and the ARN. */
function rolesInDocument({ body }: Input): string[] {
  if (!(body instanceof Uint8Array)) return [];
  const given = Buffer.from(body).toString();
  const found = given.matchAll(/\b(?:credentials|authorizerCredentials)["']?\s*:\s*["']?(arn:[^"'\s,}]+)/g);
  return [...new Set([...found].map(([, arn = '']) => arn))];
}

function patchedWith({ patchOperations }: Input, path: string): unknown[] {
  if (!Array.isArray(patchOperations)) return [];
  return patchOperations.filter(change => change?.path === path).map(change => change.value);
}
