// A relayed service speaks one protocol; a call made in another is put into it, and its answer back.
import {
  type CallContext,
  type RelayedService,
  ServiceError,
  type WireRequest,
  type WireResponse,
} from '../service.ts';
import { encodeOutput, formOf } from './codec.ts';
import type { AnswerStyle } from './errors.ts';
import { parseJson, readJson, writeJson } from './json.ts';
import type { OperationModel } from './model.ts';
import type { Members } from './shapes.ts';
import { parseXml, readXml, type XmlElement } from './xml-reader.ts';

export async function relayAs(
  style: AnswerStyle,
  service: RelayedService,
  operation: OperationModel,
  request: WireRequest,
  input: Members,
  call: CallContext,
): Promise<WireResponse> {
  const isNative = style.protocol === style.wire.protocol && !style.wantsJson;
  const asPosted = style.protocol === 'awsQuery' ? toForm(request) : request;
  if (isNative) return service.relay(asPosted, operation.name, input, call);
  const output = style.wire.target
    ? await relayJson(style, service, operation, request, input, call)
    : await relayXml(service, operation, asPosted, input, call);
  return encodeOutput(style, operation, output, call.requestId);
}

/** A query call all of whose parameters are in the body. */
function toForm(request: WireRequest): WireRequest {
  if (request.method === 'POST' && request.query === '') return request;
  const body = Buffer.from(formOf(request).toString());
  const headers = {
    ...request.headers,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  };
  return { ...request, method: 'POST', path: '/', query: '', headers, body };
}

async function relayJson(
  { wire }: AnswerStyle,
  service: RelayedService,
  operation: OperationModel,
  { headers: { host = 'embedded.localhost' } }: WireRequest,
  input: Members,
  call: CallContext,
): Promise<Members> {
  const settings = { jsonNames: false };
  const body = Buffer.from(JSON.stringify(writeJson(operation.input, input, settings)));
  const headers = {
    host,
    'content-type': `application/x-amz-json-${wire.protocol === 'awsJson1.1' ? '1.1' : '1.0'}`,
    'content-length': String(body.length),
    'x-amz-target': `${wire.target}.${operation.name}`,
  };
  const posted: WireRequest = { method: 'POST', path: '/', query: '', headers, body };
  const response = await service.relay(posted, operation.name, input, call);
  const document = parseJson(response.body) as Members;
  if (response.status >= 300) {
    const code = String(document.__type ?? 'InternalFailure').replace(/^.*#/, '');
    throw new ServiceError(code, response.status, String(document.message ?? document.Message ?? code));
  }
  return readJson(operation.output, document, settings) as Members;
}

async function relayXml(
  service: RelayedService,
  operation: OperationModel,
  request: WireRequest,
  input: Members,
  call: CallContext,
): Promise<Members> {
  const { accept: _, ...headers } = request.headers;
  const response = await service.relay({ ...request, headers }, operation.name, input, call);
  const root = parseXml(Buffer.from(response.body).toString());
  const child = (element: XmlElement | undefined, name: string) =>
    element?.children.find(found => found.name === name);
  if (response.status >= 300) {
    const error = child(root, 'Error') ?? root;
    const code = child(error, 'Code')?.text ?? 'InternalFailure';
    throw new ServiceError(code, response.status, child(error, 'Message')?.text ?? code);
  }
  if (root.name !== `${operation.name}Response`) {
    throw new ServiceError('InternalFailure', 500, `${operation.name} was answered with ${root.name}`);
  }
  const result = child(root, `${operation.name}Result`);
  return result && !operation.output.isUnitSchema() ? (readXml(operation.output, result) as Members) : {};
}
