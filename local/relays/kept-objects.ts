// Buckets, objects and uploads as documents of the account, their bytes as files beside it, and back.
import type { Files } from '../files.ts';
import type { Store } from '../store.ts';
import type { Part, S3Content, S3Object, Upload } from './fauxqs-stores.ts';
import type { Row } from './mirror.ts';
import type { Headers, KeptHeaders } from './s3-headers.ts';

type ObjectDocument = Omit<S3Object, 'body' | 'lastModified'> & {
  readonly bucket: string;
  readonly content: string;
  readonly lastModified: number;
  readonly headers: Headers | undefined;
};
type UploadDocument = Omit<Upload, 'parts' | 'initiated'> & {
  readonly initiated: number;
  readonly headers: Headers | undefined;
};
type PartDocument = Omit<Part, 'body' | 'lastModified'> & {
  readonly uploadId: string;
  readonly content: string;
  readonly lastModified: number;
};

const buckets = 's3/buckets';
const objects = 's3/objects';
const uploads = 's3/uploads';
const parts = 's3/parts';

export function* objectRows(content: S3Content, files: Files, kept: KeptHeaders): Generator<Row> {
  for (const [bucket, createdAt] of content.bucketCreationDates) {
    yield { collection: buckets, key: bucket, marks: [createdAt], document: () => createdAt.getTime() };
  }
  for (const [bucket, ofBucket] of content.buckets) {
    for (const object of ofBucket.values()) yield objectRow(bucket, object, files, kept);
  }
  for (const upload of content.multipartUploads.values()) {
    yield uploadRow(upload, kept);
    for (const part of upload.parts.values()) yield partRow(upload, part, files);
  }
}

function objectRow(bucket: string, object: S3Object, files: Files, kept: KeptHeaders): Row {
  const name = `${bucket}/${object.key}`;
  const headers = kept.objects.get(name);
  const document = (): ObjectDocument => {
    const { body, lastModified, ...rest } = object;
    return { ...rest, bucket, content: files.put(body), lastModified: lastModified.getTime(), headers };
  };
  return { collection: objects, key: name, marks: [object, headers], document };
}

function uploadRow(upload: Upload, kept: KeptHeaders): Row {
  const headers = kept.uploads.get(`${upload.bucket}/${upload.key}`);
  const document = (): UploadDocument => {
    const { parts: _, initiated, ...rest } = upload;
    return { ...rest, initiated: initiated.getTime(), headers };
  };
  return { collection: uploads, key: upload.uploadId, marks: [upload, headers], document };
}

function partRow({ uploadId }: Upload, part: Part, files: Files): Row {
  const document = (): PartDocument => {
    const { body, lastModified, ...rest } = part;
    return { ...rest, uploadId, content: files.put(body), lastModified: lastModified.getTime() };
  };
  return { collection: parts, key: `${uploadId}#${part.partNumber}`, marks: [part], document };
}

/** Throws the name of a file that is missing or damaged. */
export function restoreObjects(store: Store, files: Files, library: S3Content, kept: KeptHeaders): void {
  for (const [bucket, createdAt] of store.collection<number>(buckets).entries()) {
    library.buckets.set(bucket, new Map());
    library.bucketCreationDates.set(bucket, new Date(createdAt));
  }
  const named = new Set<string>();
  const bytesOf = (content: string) => {
    named.add(content);
    return files.get(content);
  };
  for (const document of store.collection<ObjectDocument>(objects).values()) {
    const { bucket, content, lastModified, headers, ...rest } = document;
    const object = { ...rest, body: bytesOf(content), lastModified: new Date(lastModified) };
    library.buckets.get(bucket)?.set(rest.key, object);
    if (headers) kept.objects.set(`${bucket}/${rest.key}`, headers);
  }
  for (const { initiated, headers, ...upload } of store.collection<UploadDocument>(uploads).values()) {
    const { uploadId, bucket, key } = upload;
    library.multipartUploads.set(uploadId, { ...upload, parts: new Map(), initiated: new Date(initiated) });
    const others = library.multipartUploadsByBucket.get(bucket) ?? [];
    library.multipartUploadsByBucket.set(bucket, new Set([...others, uploadId]));
    if (headers) kept.uploads.set(`${bucket}/${key}`, headers);
  }
  for (const { uploadId, content, lastModified, ...rest } of store.collection<PartDocument>(parts).values()) {
    const part = { ...rest, body: bytesOf(content), lastModified: new Date(lastModified) };
    library.multipartUploads.get(uploadId)?.parts.set(part.partNumber, part);
  }
  files.keepOnly(named);
}
