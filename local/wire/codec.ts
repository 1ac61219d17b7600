// A request of any protocol as an operation with its input, and the operation's output as that protocol answers it.
import { ServiceError, type WireRequest, type WireResponse } from '../service.ts';
import { readBindings, writeBindings } from './bindings.ts';
import { type AnswerStyle, jsonHeaders, xmlHeaders } from './errors.ts';
import { parseJson, readJson, writeJson } from './json.ts';
import type { OperationModel, ServiceModel } from './model.ts';
import { readQuery } from './query.ts';
import { matchRoute } from './routes.ts';
import type { WireService } from './services.ts';
import type { Members } from './shapes.ts';
import { tag, writeMembers } from './xml.ts';

export interface DecodedRequest {
  readonly operation: OperationModel;
  readonly input: Members;
}

/** Query parameters and a form in the body, which AWS's query services take together. */
export function formOf(request: WireRequest): URLSearchParams {
  const form = new URLSearchParams(request.query);
  if (!request.headers['content-type']?.includes('json')) {
    for (const [name, value] of new URLSearchParams(Buffer.from(request.body).toString()))
      form.set(name, value);
  }
  return form;
}

export function styleOf(wire: Omit<WireService, 'load'>, request: WireRequest): AnswerStyle {
  const takesTarget = wire.protocol === 'awsJson1.0' || wire.protocol === 'awsJson1.1';
  const isQuery =
    wire.protocol === 'awsQuery' ||
    (takesTarget && request.headers['x-amz-target'] === undefined && formOf(request).has('Action'));
  return {
    wire,
    protocol: isQuery ? 'awsQuery' : wire.protocol,
    wantsJson: isQuery && (request.headers.accept ?? '').includes('application/json'),
  };
}

export function decodeRequest(style: AnswerStyle, model: ServiceModel, request: WireRequest): DecodedRequest {
  switch (style.protocol) {
    case 'restJson1':
    case 'restXml':
      return decodeRest(model, request, style.protocol === 'restJson1');
    case 'awsJson1.0':
    case 'awsJson1.1': {
      const [prefix, name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
      const operation = prefix === style.wire.target ? model.operations.get(name) : undefined;
      if (!operation) throw new ServiceError('UnknownOperationException', 400, `Unknown operation ${name}`);
      return {
        operation,
        input: readJson(operation.input, parseJson(request.body), { jsonNames: false }) as Members,
      };
    }
    case 'awsQuery':
      return decodeQuery(model, request);
    default:
      return style.protocol satisfies never;
  }
}

function decodeRest(model: ServiceModel, request: WireRequest, bodyIsJson: boolean): DecodedRequest {
  const query = new URLSearchParams(request.query);
  const match = matchRoute(model.routes, request.method, request.path, query, request.headers);
  const operation = match && model.operations.get(match.operation);
  if (!operation) {
    const message = `${request.method} ${request.path} names no operation`;
    throw bodyIsJson
      ? new ServiceError('UnknownOperationException', 404, message)
      : new ServiceError('MethodNotAllowed', 405, message);
  }
  return { operation, input: readBindings(operation.input, request, match, query, bodyIsJson) };
}

function decodeQuery(model: ServiceModel, request: WireRequest): DecodedRequest {
  const form = formOf(request);
  const name = form.get('Action') ?? '';
  const operation = model.operations.get(name);
  if (!operation) {
    throw new ServiceError(
      'InvalidAction',
      400,
      `Could not find operation ${name} for version ${form.get('Version') ?? 'NO_VERSION_SPECIFIED'}`,
    );
  }
  const input = readQuery(operation.input, form);
  // SQS's older protocol addresses a queue by the path of the request.
  if (model.wire.target === 'AmazonSQS' && input.QueueUrl === undefined && request.path.length > 1) {
    input.QueueUrl = `http://${request.headers.host ?? 'localhost'}${request.path}`;
  }
  return { operation, input };
}

export function encodeOutput(
  style: AnswerStyle,
  operation: OperationModel,
  output: Members,
  requestId: string,
): WireResponse {
  switch (style.protocol) {
    case 'awsJson1.0':
    case 'awsJson1.1': {
      const version = style.protocol === 'awsJson1.0' ? '1.0' : '1.1';
      const document = writeJson(operation.output, output, { jsonNames: false });
      return {
        status: 200,
        headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId },
        body: operation.output.isUnitSchema() ? Buffer.alloc(0) : Buffer.from(JSON.stringify(document)),
      };
    }
    case 'awsQuery':
      return style.wantsJson
        ? queryJson(operation, output, requestId)
        : queryXml(style, operation, output, requestId);
    case 'restJson1':
    case 'restXml': {
      const bound = writeBindings(operation.output, output);
      const status = bound.status ?? operation.status;
      const type = bound.body.byteLength > 0 ? { 'content-type': bound.contentType } : {};
      return {
        status,
        headers: { 'x-amzn-requestid': requestId, ...type, ...bound.headers },
        body: bound.body,
      };
    }
    default:
      return style.protocol satisfies never;
  }
}

/** Members that the JSON of a query service spells otherwise than its model; mapping templates rely on it. */
const spelledInJson: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ReceiveMessage: { Messages: 'messages' },
};

function queryJson(operation: OperationModel, output: Members, requestId: string): WireResponse {
  const { name } = operation;
  const spelling = spelledInJson[name] ?? {};
  const settings = { jsonNames: false, nulls: true };
  const written = operation.output.isUnitSchema() ? undefined : writeJson(operation.output, output, settings);
  const members = Object.entries(written ?? {}).map(([member, value]) => [spelling[member] ?? member, value]);
  const result = written === undefined ? {} : { [`${name}Result`]: Object.fromEntries(members) };
  const document = { [`${name}Response`]: { ...result, ResponseMetadata: { RequestId: requestId } } };
  return { status: 200, headers: jsonHeaders(requestId), body: Buffer.from(JSON.stringify(document)) };
}

function queryXml(
  style: AnswerStyle,
  operation: OperationModel,
  output: Members,
  requestId: string,
): WireResponse {
  const { name } = operation;
  const result = operation.output.isUnitSchema()
    ? ''
    : tag(`${name}Result`, writeMembers(operation.output, output));
  const xml =
    `<${name}Response xmlns="${style.wire.xmlNamespace ?? ''}">${result}` +
    `${tag('ResponseMetadata', tag('RequestId', requestId))}</${name}Response>`;
  return { status: 200, headers: xmlHeaders(requestId), body: Buffer.from(xml) };
}
