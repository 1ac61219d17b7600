// The library behind SNS, SQS and S3: one application for all three, without a socket.
import type { WireRequest, WireResponse } from '../service.ts';
import { withSignature } from './listener.ts';

type App = Awaited<ReturnType<typeof import('fauxqs')['buildApp']>>;

const apps = new WeakMap<object, Promise<App>>();

/** One application an account: SNS delivers into the queues that SQS reads from. */
export function fauxqsOf(account: object, region: string): Promise<App> {
  let app = apps.get(account);
  if (!app) {
    app = import('fauxqs').then(async ({ buildApp }) => buildApp({ logger: false, defaultRegion: region }));
    apps.set(account, app);
  }
  return app;
}

export async function closeFauxqs(account: object): Promise<void> {
  const app = apps.get(account);
  apps.delete(account);
  if (app) await (await app).close();
}

/** Headers the transport adds anew, or that describe a body as it no longer is. */
const ofTransport = new Set(['connection', 'transfer-encoding', 'content-length', 'host', 'expect']);

export async function relayTo(
  app: App,
  request: WireRequest,
  service: string,
  region: string,
): Promise<WireResponse> {
  const signed = withSignature(request, service, region);
  const headers = Object.entries(signed.headers).filter(([name]) => !ofTransport.has(name));
  const answer = await app.inject({
    method: request.method as 'GET',
    url: request.query ? `${request.path}?${request.query}` : request.path,
    // A plain host name: the library would read a bucket out of any other.
    headers: { ...Object.fromEntries(headers), host: 'localhost' },
    payload: Buffer.from(request.body),
  });
  const entries = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined || ofTransport.has(name) ? [] : [[name, String(value)]],
  );
  return { status: answer.statusCode, headers: Object.fromEntries(entries), body: answer.rawPayload };
}
