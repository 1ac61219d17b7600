// A call that one service of the account makes to another: signed, and through the front door like every other.
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Aws, type Credentials, ServiceError } from './service.ts';
import { wireServices } from './wire/services.ts';

/** Input and output are the operation's JSON documents; throws the ServiceError that the service answers with. */
export async function callJson(
  aws: Aws,
  credentials: Credentials,
  service: 'events' | 'sqs' | 'states',
  operation: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const { target = '', protocol = '' } = wireServices[service] ?? {};
  const host = `${service}.${aws.region}.amazonaws.com`;
  const body = Buffer.from(JSON.stringify(input));
  const signer = new SignatureV4({ service, region: aws.region, credentials, sha256: Sha256 });
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: {
        host,
        'content-type': `application/x-amz-json-${protocol.replace('awsJson', '')}`,
        'content-length': String(body.byteLength),
        'x-amz-target': `${target}.${operation}`,
      },
      body,
    }),
    { signingDate: new Date(aws.clock.now()) },
  );
  const answer = await aws.send({ method: 'POST', path: '/', query: '', headers: signed.headers, body });
  const text = Buffer.from(answer.body).toString();
  const document = JSON.parse(text || '{}') as Record<string, unknown>;
  if (answer.status < 300) return document;
  const code = String(document.__type ?? 'Unknown').replace(/^.*#/, '');
  throw new ServiceError(code, answer.status, String(document.message ?? document.Message ?? text));
}
