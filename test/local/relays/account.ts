// An embedded account, its clients' configuration, and requests signed and sent as they are.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SourceData } from '@smithy/types';
import { afterEach } from 'vitest';
import { createEmbeddedAws, type EmbeddedAws } from '../../../local/embedded.ts';

const open: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of open.splice(0)) await aws.close();
});

class Sha256 {
  readonly #hash;
  constructor(key?: SourceData) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as string);
  }
  update(data: SourceData) {
    this.#hash.update(data as string);
  }
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
}

interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export async function anAccount() {
  const aws = await createEmbeddedAws();
  open.push(aws);
  const { region, credentials, requestHandler } = aws;
  const client = { region, credentials, requestHandler, maxAttempts: 1 };

  async function send(service: string, request: RawRequest) {
    const { method = 'POST', path = '/', query = {}, body = '' } = request;
    const options = { sha256: Sha256, applyChecksum: true, uriEscapePath: service !== 's3' };
    const signer = new SignatureV4({ service, region, credentials, ...options });
    const hostname = `${service}.us-east-1.amazonaws.com`;
    const headers = { host: hostname, ...request.headers };
    const signed = await signer.sign({ method, protocol: 'http:', hostname, path, query, headers, body });
    const answer = await aws.send({
      method,
      path,
      query: new URLSearchParams(query).toString(),
      headers: Object.fromEntries(
        Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: Buffer.from(body),
    });
    return { status: answer.status, headers: answer.headers, text: Buffer.from(answer.body).toString() };
  }
  return { aws, client, send };
}

export const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
