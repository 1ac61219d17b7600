// The library behind SNS, SQS and S3: one application for all three, without a socket.
import type { WireRequest, WireResponse } from '../service.ts';
import { callListener, withSignature } from './listener.ts';

type App = Awaited<ReturnType<typeof import('fauxqs')['buildApp']>>;

const apps = new WeakMap<object, Promise<App>>();

/** Where the library believes to be; a host name with a dot would be read as a bucket. */
export const libraryHost = 'localhost';

/** One application an account: SNS delivers into the queues that SQS reads from. */
export function fauxqsOf(account: object, region: string): Promise<App> {
  let app = apps.get(account);
  if (!app) {
    app = openApp(region);
    apps.set(account, app);
  }
  return app;
}

/** The largest part of an upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const maxBody = 5 * 1024 ** 3;

async function openApp(region: string): Promise<App> {
  const { buildApp } = await import('fauxqs');
  await allowEveryCharacter();
  const app = buildApp({ logger: false, defaultRegion: region });
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
  const types: Readonly<Record<string, unknown>> = await import(
    new URL('sqs/sqsTypes.js', import.meta.resolve('fauxqs')).href
  );
  const refused = types.INVALID_MESSAGE_BODY_CHAR;
  if (!(refused instanceof RegExp)) throw new Error('fauxqs no longer exports INVALID_MESSAGE_BODY_CHAR');
  refused.compile('[^\\t\\n\\r -\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]', 'u');
}

export async function closeFauxqs(account: object): Promise<void> {
  const app = apps.get(account);
  apps.delete(account);
  if (app) await (await app).close();
}

/** Headers the transport adds anew, or that describe a body as it no longer is. */
const ofTransport = new Set(['connection', 'transfer-encoding', 'content-length', 'host', 'expect']);
/** Ids the library makes up; each service answers with the call's own. */
const ofLibrary = new Set(['x-amz-request-id', 'x-amz-id-2']);

export async function relayTo(
  app: App,
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
