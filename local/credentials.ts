// Access keys of the account: the root user's `test`, and session credentials that carry their own content.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Aws, type Caller, type Credentials, ServiceError } from './service.ts';

export const rootCredentials: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The access key of another account's root user is the account's number, its secret that of all root users. */
const otherRoot = /^\d{12}$/;

type Account = Pick<Aws, 'account' | 'partition' | 'clock'>;

export interface Session {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Milliseconds since the epoch. */
  readonly expiration: number;
}

/** What tokens were found to say: each comes with many calls. */
const known = new Map<string, { readonly session: Session; readonly keys: Credentials }>();
const mostKnown = 1000;

function remember(sessionToken: string, session: Session, keys: Credentials): void {
  if (known.size >= mostKnown) known.clear();
  known.set(sessionToken, { session, keys });
}

/**
 * Credentials for a role's session. The token says whose they are and is sealed with the root secret,
 * so sessions outlive a restart and leave nothing in the account.
 */
export function issueSession(session: Session): Credentials {
  const content = Buffer.from(JSON.stringify([session.roleArn, session.sessionName, session.expiration]));
  const token = content.toString('base64');
  const seal = sealOf(token);
  const keys = keysOf(seal);
  const sessionToken = `${token}.${seal.toString('base64')}`;
  remember(sessionToken, session, keys);
  return { ...keys, sessionToken };
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
  if (accessKeyId === rootCredentials.accessKeyId || otherRoot.test(accessKeyId)) {
    const account = otherRoot.test(accessKeyId) ? accessKeyId : aws.account;
    const arn = `arn:${aws.partition}:iam::${account}:root`;
    return { caller: { account, arn, accessKeyId }, secretAccessKey: rootCredentials.secretAccessKey };
  }
  const { session, keys } = (sessionToken && (known.get(sessionToken) ?? opened(sessionToken))) || {};
  if (!session || keys?.accessKeyId !== accessKeyId) return undefined;
  if (aws.clock.now() >= session.expiration) {
    throw new ServiceError('ExpiredToken', 403, 'The security token included in the request is expired');
  }
  return { caller: callerOf(session, accessKeyId), secretAccessKey: keys.secretAccessKey };
}

/** What a token says; undefined for one with another seal than ours. */
function opened(sessionToken: string) {
  const [token, seal] = sessionToken.split('.');
  if (!token || !seal) return undefined;
  const expected = sealOf(token);
  const given = Buffer.from(seal, 'base64');
  if (given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) return undefined;
  const [roleArn, sessionName, expiration]: [string, string, number] = JSON.parse(
    Buffer.from(token, 'base64').toString(),
  );
  const found = { session: { roleArn, sessionName, expiration }, keys: keysOf(expected) };
  remember(sessionToken, found.session, found.keys);
  return found;
}

function callerOf({ roleArn, sessionName }: Session, accessKeyId: string): Caller {
  const [, partition, , , account = ''] = roleArn.split(':');
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const arn = `arn:${partition}:sts::${account}:assumed-role/${roleName}/${sessionName}`;
  return { account, arn, roleArn, accessKeyId };
}
