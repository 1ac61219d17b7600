// An operation called without the wire: for simulations, which make more calls than encoding and signing leave time for.
import { findAccessKey } from './credentials.ts';
import type { Places } from './places.ts';
import { notImplemented, requireAllowed } from './server.ts';
import { type Aws, type Credentials, ServiceError } from './service.ts';

/** Takes and returns what the operation itself takes and returns; throws its ServiceErrors. */
export type DirectCall = (
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  credentials: Credentials,
) => Promise<object>;

/** In the caller's account, and the home region. */
export function directCall(home: Aws, places: Pick<Places, 'at'>): DirectCall {
  return async (service, operation, input, { accessKeyId, sessionToken }) => {
    const caller = findAccessKey(home, accessKeyId, sessionToken)?.caller;
    if (!caller) throw new ServiceError('UnrecognizedClientException', 403, 'The security token is invalid.');
    const { aws, services, checkQuota } = places.at(caller.account, home.region);
    const implementation = await services.find(service);
    const run =
      implementation && 'operations' in implementation && Object.hasOwn(implementation.operations, operation)
        ? implementation.operations[operation]
        : undefined;
    if (!implementation || !run) throw notImplemented(`${service}:${operation}`);
    const call = { aws, caller, region: aws.region, requestId: aws.ids.uuid() };
    requireAllowed(aws, caller, implementation.authorize(operation, input, call));
    checkQuota(service, operation, input);
    return run(input, call);
  };
}
