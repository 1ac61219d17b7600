// Credentials of the role that the functions assume where an API of another account lives.
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { classify, ServiceProxyError } from '../core/errors.ts';
import type { PlannedTarget } from '../core/target.ts';

export type AssumingTarget = PlannedTarget & { readonly roleArn: string };

export const assumesRole = (reach: PlannedTarget): reach is AssumingTarget => reach.roleArn !== undefined;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: 64 characters, an execution has 80. */
const longestSessionName = 64;

/** Sooner than this before it ends, a session is made anew: longer than any call takes. */
const margin = 60_000;

async function assume(
  sts: STSClient,
  { roleArn, externalId }: AssumingTarget,
  executionName: string,
): Promise<AwsCredentialIdentity> {
  const RoleSessionName = executionName.slice(0, longestSessionName);
  try {
    const { Credentials: made } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName,
        ...(externalId !== undefined && { ExternalId: externalId }),
      }),
    );
    return {
      accessKeyId: made?.AccessKeyId ?? '',
      secretAccessKey: made?.SecretAccessKey ?? '',
      ...(made?.SessionToken !== undefined && { sessionToken: made.SessionToken }),
      ...(made?.Expiration && { expiration: made.Expiration }),
    };
  } catch (error) {
    const { name, message } = classify(error, `AssumeRole on ${roleArn} as session ${RoleSessionName}`);
    const advice =
      'let the role trust the functions of this deployment, under the external id that the input gives, if any';
    throw new ServiceProxyError(name, name === 'Refused' ? `${message}; ${advice}` : message);
  }
}

/** One session for all clients, made when the first of them needs it. */
export function sessionOf(
  sts: STSClient,
  reach: AssumingTarget,
  executionName: string,
  now: () => number,
): () => Promise<AwsCredentialIdentity> {
  let session: AwsCredentialIdentity | undefined;
  return async () => {
    const isOver = session?.expiration && session.expiration.getTime() - margin < now();
    if (!session || isOver) session = await assume(sts, reach, executionName);
    return session;
  };
}
