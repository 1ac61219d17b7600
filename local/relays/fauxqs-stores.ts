// What the library behind SNS, SQS and S3 keeps in memory, as far as the account keeps it too.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildAppOptions } from 'fauxqs';

export type LibraryStores = NonNullable<BuildAppOptions['stores']>;
export type Queue = ReturnType<LibraryStores['sqsStore']['createQueue']>;
export type Message = Queue['messages'][number];
export type Topic = ReturnType<LibraryStores['snsStore']['createTopic']>;
export type Subscription = ReturnType<LibraryStores['snsStore']['listSubscriptions']>[number];
export type S3Object = ReturnType<LibraryStores['s3Store']['getObject']>;

export interface Part {
  readonly partNumber: number;
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: Date;
}

export interface Upload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly metadata: Record<string, string>;
  readonly parts: Map<number, Part>;
  readonly initiated: Date;
}

/** Members of the S3 store that its types call private. */
export interface S3Content {
  readonly buckets: Map<string, Map<string, S3Object>>;
  readonly bucketCreationDates: Map<string, Date>;
  readonly multipartUploads: Map<string, Upload>;
  readonly multipartUploadsByBucket: Map<string, Set<string>>;
}

export const s3Content = ({ s3Store }: LibraryStores): S3Content => s3Store as unknown as S3Content;

/** A module of the package that it does not export. */
export function importInside(file: string) {
  const folders = createRequire(import.meta.url).resolve.paths('fauxqs') ?? [];
  const folder = folders.map(path => join(path, 'fauxqs', 'dist')).find(existsSync);
  if (folder === undefined) throw new Error(`fauxqs is installed in none of ${folders.join(', ')}`);
  return import(pathToFileURL(join(folder, file)).href);
}

/** The classes of its stores, which the package takes as an option. */
export async function openLibraryStores(): Promise<LibraryStores> {
  const [{ SqsStore }, { SnsStore }, { S3Store }] = await Promise.all(
    ['sqs/sqsStore.js', 'sns/snsStore.js', 's3/s3Store.js'].map(importInside),
  );
  return { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
}
