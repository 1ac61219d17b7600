// The front door: takes a request apart, checks who sent it and what they may do, and has the operation answer it.

import type { Trail, TrailedCall } from './cloudtrail/trail.ts';
import { type DataPlaneAddress, dataPlaneAddress } from './data-plane-address.ts';
import { type FaultedCall, type FindFault, spoil, suffer } from './faults.ts';
import { decide, denialMessage } from './iam/evaluate.ts';
import type { Place } from './places.ts';
import {
  type Authorization,
  type Aws,
  type CallContext,
  type Caller,
  type RelayedService,
  type Service,
  ServiceError,
  type WireRequest,
  type WireResponse,
} from './service.ts';
import { readSignature } from './signature.ts';
import { type Authenticated, authenticate, namedForService, requireRegion } from './sigv4.ts';
import { guessService, toPathStyle } from './wire/addressing.ts';
import { decodeChunked } from './wire/aws-chunked.ts';
import { type DecodedRequest, decodeRequest, encodeOutput, styleOf } from './wire/codec.ts';
import { type AnswerStyle, encodeError } from './wire/errors.ts';
import { type ServiceModel, serviceModel } from './wire/model.ts';
import { relayAs } from './wire/relay.ts';
import { wireServices } from './wire/services.ts';

/** What became of one call, for traces and counts; neither input nor output is kept. */
export interface CallRecord {
  readonly service: string;
  readonly operation?: string;
  readonly caller?: Caller;
  /** What IAM was asked for. */
  readonly authorizations?: readonly Authorization[];
  readonly status: number;
  readonly error?: string;
  readonly durationMs: number;
}

export interface FrontDoor {
  readonly aws: Aws;
  /** Where calls of an account are answered that are signed for a region. */
  readonly placeOf: (account: string, region: string) => Place;
  readonly serveRequest: (
    request: WireRequest,
    address: DataPlaneAddress,
    signal?: AbortSignal,
  ) => Promise<WireResponse>;
  readonly findFault: FindFault;
  readonly trail: Pick<Trail, 'note'>;
  readonly onCall: (record: CallRecord) => void;
}

export type Handle = (request: WireRequest, signal?: AbortSignal) => Promise<WireResponse>;

export function frontDoor(door: FrontDoor): Handle {
  return async (request, signal) => {
    if (request.path === '/_aws/health') return health(door.aws);
    const address = dataPlaneAddress(request);
    // What a route calls holds the clock itself: the integration's time-out must be able to end a call that hangs.
    if (address) return door.serveRequest(request, address, signal);
    const release = door.aws.clock.hold();
    try {
      return await answerCall(door, request, release, signal);
    } finally {
      release();
    }
  };
}

function health({ account, region }: Aws): WireResponse {
  const body = Buffer.from(JSON.stringify({ status: 'ok', account, region }));
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** A call as far as it is understood; grows while it is. */
interface Progress {
  service: string;
  operation?: string;
  caller?: Caller;
  authorizations?: readonly Authorization[];
  model?: ServiceModel;
}

async function answerCall(
  door: FrontDoor,
  request: WireRequest,
  release: () => void,
  signal?: AbortSignal,
): Promise<WireResponse> {
  const startedAt = performance.now();
  const requestId = door.aws.ids.uuid();
  const progress: Progress = { service: '' };
  const record = (status: number, error?: string) => {
    const { model: _, ...known } = progress;
    door.onCall({ ...known, status, ...(error && { error }), durationMs: performance.now() - startedAt });
  };
  try {
    const response = await performCall(door, request, requestId, progress, release, signal);
    record(response.status);
    return response;
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) && isTransport(thrown, signal)) {
      record(0, thrown instanceof Error ? thrown.name : String(thrown));
      throw thrown;
    }
    const error = namedForService(
      progress.service,
      thrown instanceof ServiceError ? thrown : internalFailure(thrown),
    );
    const style = styleFor(progress.service, request);
    record(error.status, error.code);
    const response = encodeError(style, progress.model, error, requestId);
    return request.method === 'HEAD' ? { ...response, body: Buffer.alloc(0) } : response;
  }
}

const isTransport = (thrown: unknown, signal?: AbortSignal) =>
  signal?.aborted || (thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNRESET');

/** A mistake of the embedded AWS itself. Its stack stays here: answers end up in histories and logs. */
function internalFailure(thrown: unknown): ServiceError {
  const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ServiceError('InternalFailure', 500, `the embedded AWS failed: ${said}`);
}

/** A service that is not known here is answered in the protocol that the request looks like. */
function styleFor(service: string, request: WireRequest): AnswerStyle {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const isTargeted = request.headers['x-amz-target'] !== undefined;
  const seeming = isForm ? 'awsQuery' : isTargeted ? 'awsJson1.1' : 'restJson1';
  return styleOf(wireServices[service] ?? { protocol: seeming }, request);
}

async function performCall(
  door: FrontDoor,
  received: WireRequest,
  requestId: string,
  progress: Progress,
  release: () => void,
  signal?: AbortSignal,
): Promise<WireResponse> {
  progress.service = guessService(received, readSignature(received)?.service);
  const { service } = progress;
  const model = await serviceModel(service);
  if (model) progress.model = model;
  const authenticated = authenticate(door.aws, received);
  progress.caller = authenticated.caller;
  const { region } = authenticated.signature;
  requireRegion(door.aws, region);
  const { aws, services, checkQuota } = door.placeOf(authenticated.caller.account, region);
  const implementation = await services.find(service);
  if (!model || !implementation)
    throw notImplemented(aws === door.aws ? service : `${service} in ${region} of account ${aws.account}`);

  const request = plainRequest(service, received, authenticated);
  const style = styleOf(model.wire, request);
  const decoded = decodeRequest(style, model, request);
  const { name } = decoded.operation;
  progress.operation = name;
  if (!isImplemented(implementation, name)) throw notImplemented(`${service}:${name}`);

  const call: CallContext = { aws, caller: authenticated.caller, region: aws.region, requestId };
  const authorizations = implementation.authorize(name, decoded.input, call);
  progress.authorizations = authorizations;
  const note: Note = answered =>
    door.trail.note({
      aws,
      service,
      operation: name,
      caller: call.caller,
      requestId,
      input: decoded.input,
      ...answered,
    });
  try {
    requireAllowed(aws, authenticated.caller, authorizations);
  } catch (error) {
    if (error instanceof ServiceError) note({ error });
    throw error;
  }

  const faulted: FaultedCall = {
    service,
    operation: name,
    caller: call.caller,
    authorizations,
    signal,
    functionName: functionNameOf(decoded),
  };
  const fault = door.findFault(faulted);
  // A call that is never answered waits for the caller's time-out: for the clock itself.
  if (fault?.kind === 'timeout') release();
  if (fault && fault.when !== 'after') await suffer(fault, faulted);
  checkQuota(service, name, decoded.input);
  const response = await perform(implementation, style, decoded, request, call, note);
  if (fault?.when === 'after') await suffer(fault, faulted);
  return fault ? spoil(fault, response) : response;
}

/** Tells the trail how a call was answered. */
type Note = (answered: Pick<TrailedCall, 'output' | 'error'>) => void;

async function perform(
  implementation: Service | RelayedService,
  style: AnswerStyle,
  { operation, input }: DecodedRequest,
  request: WireRequest,
  call: CallContext,
  note: Note,
): Promise<WireResponse> {
  if ('relay' in implementation) return relayAs(style, implementation, operation, request, input, call);
  const run = implementation.operations[operation.name];
  if (!run) throw notImplemented(operation.name);
  try {
    const answer = await call.aws.store.atomically(() => run(input, call));
    const output = answer as Record<string, unknown>;
    note({ output });
    return encodeOutput(style, operation, output, call.requestId);
  } catch (error) {
    if (error instanceof ServiceError) note({ error });
    throw error;
  }
}

/** S3 puts the bucket into the host name and the signature into the body; what comes after reads neither. */
function plainRequest(service: string, request: WireRequest, authenticated: Authenticated): WireRequest {
  return service === 's3' ? toPathStyle(decodeChunked(request, authenticated)) : request;
}

const isImplemented = (implementation: Service | RelayedService, operation: string) =>
  'relay' in implementation
    ? implementation.operationNames.has(operation)
    : Object.hasOwn(implementation.operations, operation);

export const notImplemented = (what: string) =>
  new ServiceError('NotImplemented', 501, `NotImplemented: ${what} is not part of the embedded AWS`);

export function requireAllowed(aws: Aws, caller: Caller, authorizations: readonly Authorization[]): void {
  for (const authorization of authorizations) {
    const decision = decide(aws, caller, authorization);
    if (decision !== 'allowed')
      throw new ServiceError('AccessDenied', 403, denialMessage(caller, authorization, decision));
  }
}

/** A function by its name or ARN, qualified or not. */
function functionNameOf({ operation, input }: DecodedRequest): string | undefined {
  if (operation.name !== 'Invoke' || typeof input.FunctionName !== 'string') return undefined;
  return functionName(input.FunctionName);
}

export const functionName = (nameOrArn: string) =>
  nameOrArn.replace(/^.*?function:/, '').split(':')[0] ?? nameOrArn;
