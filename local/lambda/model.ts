// The functions that Lambda keeps in the account, and how their names and ARNs are read.
import type { Aws } from '../service.ts';
import type { Collection } from '../store.ts';
import { functionNotFound, violated } from './errors.ts';

export interface FunctionDocument {
  readonly name: string;
  readonly arn: string;
  readonly runtime: string;
  readonly handler: string;
  readonly roleArn: string;
  readonly timeoutSeconds: number;
  readonly memorySize: number;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly architecture: string;
  /** The deployment package: a zip file in base64. */
  readonly code: string;
  readonly codeSize: number;
  readonly codeSha256: string;
  readonly lastModified: number;
  readonly revisionId: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: string | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface ResourcePolicy {
  readonly revisionId: string;
  readonly statements: readonly PolicyStatement[];
}

export const functionsOf = (aws: Aws): Collection<FunctionDocument> =>
  aws.store.collection('lambda/functions');

/** By function name; built-in functions have them too. */
export const resourcePolicies = (aws: Aws): Collection<ResourcePolicy> =>
  aws.store.collection('lambda/policies');

export interface FunctionReference {
  readonly name: string;
  /** Unqualified. */
  readonly arn: string;
  /** As given, with its qualifier. */
  readonly qualifiedArn: string;
}

const pattern =
  /^(?:(?:arn:[\w-]+:lambda:([a-z0-9-]+):(\d{12}):function:)|(?:(\d{12}):)?(?:function:)?)?([\w-]+)(?::(\$LATEST|[\w-]+))?$/;

/** A function by its name, ARN or partial ARN; the account keeps no version but $LATEST. */
export function referenceOf(aws: Aws, given: string | undefined, qualifier?: string): FunctionReference {
  const [, region = aws.region, account, otherAccount, name, ownQualifier] = pattern.exec(given ?? '') ?? [];
  if (!name || name.length > 140) {
    const constraint = `Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`;
    throw violated('functionName', given, constraint);
  }
  const owner = account ?? otherAccount ?? aws.account;
  const arn = `arn:${aws.partition}:lambda:${region}:${owner}:function:${name}`;
  const version = ownQualifier ?? qualifier;
  const qualifiedArn = version === undefined ? arn : `${arn}:${version}`;
  const isHere = region === aws.region && owner === aws.account;
  if (!isHere || (version !== undefined && version !== '$LATEST')) throw functionNotFound(qualifiedArn);
  return { name, arn, qualifiedArn };
}
