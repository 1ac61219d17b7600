// The documents Systems Manager keeps in the account: parameters with all their versions.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { ParameterTier, ParameterType, Tag } from '@aws-sdk/client-ssm';
import { rootCredentials } from '../credentials.ts';
import type { Aws } from '../service.ts';
import type { Collection } from '../store.ts';

export interface VersionDocument {
  readonly version: number;
  /** Of a SecureString the encrypted one. */
  readonly value: string;
  readonly type: ParameterType;
  readonly dataType: string;
  readonly tier: ParameterTier;
  readonly keyId?: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

export interface ParameterDocument {
  readonly name: string;
  readonly arn: string;
  /** Oldest first; AWS keeps a hundred. */
  readonly versions: readonly [VersionDocument, ...VersionDocument[]];
  readonly tags: readonly Tag[];
}

export const parameters = (aws: Aws): Collection<ParameterDocument> => aws.store.collection('ssm/parameters');

export const parameterArn = ({ partition, region, account }: Aws, name: string) =>
  `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;

const key = createHash('sha256').update(rootCredentials.secretAccessKey).digest();

export function encrypt(aws: Aws, value: string): string {
  const nonce = Buffer.from(aws.ids.hex(24), 'hex');
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

export function decrypt(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
