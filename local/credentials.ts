// Access keys of the account: the root user's `test`, and session credentials that carry their own content.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Aws, type Caller, type Credentials, ServiceError } from './service.ts';

export const rootCredentials: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

type Account = Pick<Aws, 'account' | 'partition' | 'clock'>;

export interface Session {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Milliseconds since the epoch. */
  readonly expiration: number;
}

/**
 * Credentials for a role's session. The token says whose they are and is sealed with the root secret,
 * so sessions outlive a restart and leave nothing in the account.
 */
export function issueSession(session: Session): Credentials {
  const content = Buffer.from(JSON.stringify([session.roleArn, session.sessionName, session.expiration]));
  const token = content.toString('base64');
  const seal = sealOf(token);
  return { ...keysOf(seal), sessionToken: `${token}.${seal.toString('base64')}` };
}

const sealOf = (token: string) =>
  createHmac('sha256', rootCredentials.secretAccessKey).update(token).digest();

function keysOf(seal: Buffer): Credentials {
  const secret = createHmac('sha256', rootCredentials.secretAccessKey)
    .update(seal)
    .digest('base64')
    .slice(0, 40);
  return { accessKeyId: `ASIA${seal.toString('hex').slice(0, 16).toUpperCase()}`, secretAccessKey: secret };
}

/** Who holds an access key and the secret that must have signed; undefined for a key that does not exist. */
export function findAccessKey(
  aws: Account,
  accessKeyId: string,
  sessionToken: string | undefined,
): { readonly caller: Caller; readonly secretAccessKey: string } | undefined {
  if (accessKeyId === rootCredentials.accessKeyId) {
    const arn = `arn:${aws.partition}:iam::${aws.account}:root`;
    return {
      caller: { account: aws.account, arn, accessKeyId },
      secretAccessKey: rootCredentials.secretAccessKey,
    };
  }
  const [token, seal] = (sessionToken ?? '').split('.');
  if (!token || !seal) return undefined;
  const expected = sealOf(token);
  const given = Buffer.from(seal, 'base64');
  if (given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) return undefined;
  const keys = keysOf(expected);
  if (keys.accessKeyId !== accessKeyId) return undefined;
  const [roleArn, sessionName, expiration]: [string, string, number] = JSON.parse(
    Buffer.from(token, 'base64').toString(),
  );
  if (aws.clock.now() >= expiration) {
    throw new ServiceError('ExpiredToken', 403, 'The security token included in the request is expired');
  }
  return { caller: callerOf(aws, roleArn, sessionName, accessKeyId), secretAccessKey: keys.secretAccessKey };
}

function callerOf(aws: Account, roleArn: string, sessionName: string, accessKeyId: string): Caller {
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const arn = `arn:${aws.partition}:sts::${aws.account}:assumed-role/${roleName}/${sessionName}`;
  return { account: aws.account, arn, roleArn, accessKeyId };
}
