// The library behind SNS, SQS and S3: one application for all three, without a socket.
import type { WireRequest, WireResponse } from '../service.ts';
import type { Store } from '../store.ts';
import { importInside, type LibraryStores, openLibraryStores, s3Content } from './fauxqs-stores.ts';
import { messageRows, restoreMessages } from './kept-messages.ts';
import { objectRows, restoreObjects } from './kept-objects.ts';
import { restoreTopics, topicRows } from './kept-topics.ts';
import { callListener, withSignature } from './listener.ts';
import { openMirror, type Row } from './mirror.ts';
import type { KeptHeaders } from './s3-headers.ts';

type App = Awaited<ReturnType<typeof import('fauxqs')['buildApp']>>;

interface Fauxqs {
  readonly app: App;
  /** What the library does not keep of S3's objects. */
  readonly headers: KeptHeaders;
  /** What the operation changed is in the account from now on, and may be acknowledged. */
  save(operation: string): void;
}

const opened = new WeakMap<Store, Promise<Fauxqs>>();

/** Where the library believes to be; a host name with a dot would be read as a bucket. */
export const libraryHost = 'localhost';

/** One application an account: SNS delivers into the queues that SQS reads from. */
export function fauxqsOf(store: Store, region: string): Promise<Fauxqs> {
  let fauxqs = opened.get(store);
  if (!fauxqs) {
    fauxqs = open(store, region);
    opened.set(store, fauxqs);
  }
  return fauxqs;
}

const readsOnly = /^(?:Get|Head|List)/;

async function open(store: Store, region: string): Promise<Fauxqs> {
  const headers = { objects: new Map(), uploads: new Map() };
  const stores = await openLibraryStores();
  const app = await openApp(region, stores);
  const { files } = store;
  if (!files) return { app, headers, save() {} };
  function* rows(): Generator<Row> {
    yield* topicRows(stores);
    yield* messageRows(stores);
    if (files) yield* objectRows(s3Content(stores), files, headers);
  }
  restoreTopics(store, stores);
  restoreMessages(store, stores);
  restoreObjects(store, files, s3Content(stores), headers);
  const mirror = openMirror(store, rows());
  const save = (operation: string) => {
    if (!readsOnly.test(operation)) mirror(rows());
  };
  return { app, headers, save };
}

/** The largest part of an upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const maxBody = 5 * 1024 ** 3;

async function openApp(region: string, stores: LibraryStores): Promise<App> {
  const { buildApp } = await import('fauxqs');
  await allowEveryCharacter();
  const app = buildApp({ logger: false, defaultRegion: region, stores });
  // The library takes no more than eleven megabytes; objects may be larger.
  app.removeContentTypeParser('*');
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBody }, (_request, body, done) =>
    done(null, body),
  );
  await app.ready();
  return app;
}

/**
 * The library takes a character beyond U+FFFF for two that SQS refuses; SQS takes it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
async function allowEveryCharacter(): Promise<void> {
  const { INVALID_MESSAGE_BODY_CHAR: refused } = await importInside('sqs/sqsTypes.js');
  if (!(refused instanceof RegExp)) throw new Error('fauxqs no longer exports INVALID_MESSAGE_BODY_CHAR');
  refused.compile('[^\\t\\n\\r -\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]', 'u');
}

export async function closeFauxqs(store: Store): Promise<void> {
  const fauxqs = opened.get(store);
  opened.delete(store);
  if (fauxqs) await (await fauxqs).app.close();
}

/** Headers the transport adds anew, or that describe a body as it no longer is. */
const ofTransport = new Set(['connection', 'transfer-encoding', 'content-length', 'host', 'expect']);
/** Ids the library makes up; each service answers with the call's own. */
const ofLibrary = new Set(['x-amz-request-id', 'x-amz-id-2']);

export async function relayTo(
  { app }: Fauxqs,
  request: WireRequest,
  service: string,
  region: string,
): Promise<WireResponse> {
  const signed = withSignature(request, service, region);
  const headers = Object.entries(signed.headers).filter(([name]) => !ofTransport.has(name));
  const answer = await callListener((incoming, response) => app.routing(incoming, response), {
    ...signed,
    headers: {
      ...Object.fromEntries(headers),
      host: libraryHost,
      'content-length': String(request.body.byteLength),
    },
  });
  // Only the answer to a HEAD says a length that its body does not show.
  const isKept = (name: string) =>
    !ofLibrary.has(name) &&
    (!ofTransport.has(name) || (name === 'content-length' && request.method === 'HEAD'));
  const entries = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined || !isKept(name) ? [] : [[name, String(value)]],
  );
  return { ...answer, headers: Object.fromEntries(entries) };
}

/** The library lays its XML out over lines; AWS sends it in one, after the declaration. */
export const compactXml = (xml: string) => xml.replace(/(?<!\?)>\s*\n\s*</g, '><').trim();
