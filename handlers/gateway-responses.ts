// What API Gateway answers by itself, in an API of ours: putting it as planned, and putting it back.
import { isDeepStrictEqual } from 'node:util';
import {
  DeleteGatewayResponseCommand,
  type GatewayResponse,
  GetGatewayResponsesCommand,
  PutGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { ifFound, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution, Thing } from '../core/execution.ts';
import {
  type GatewayResponseChange,
  type GatewayResponseDefinition,
  isAsDefined,
} from '../core/gateway-responses.ts';
import { gatewayResponsesToChange } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { forgetMade, recordMade } from './ledger.ts';
import { checkSettled, makeIntended } from './making.ts';
import { ignoring } from './methods.ts';

const thingOf = ({ responseType }: GatewayResponseChange): Thing => `gatewayResponse ${responseType}`;

/** Those the API has of its own: for every other type AWS lists what it answers by default. */
export async function listGatewayResponses(
  { apigateway }: Pick<Clients, 'apigateway'>,
  restApiId: string,
): Promise<GatewayResponse[]> {
  const { items = [] } = await apigateway.send(new GetGatewayResponsesCommand({ restApiId, limit: 500 }));
  return items
    .filter(({ defaultResponse }) => defaultResponse === false)
    .map(({ responseType, statusCode, responseParameters = {}, responseTemplates = {} }) => ({
      responseType: responseType as GatewayResponse['responseType'],
      ...(statusCode !== undefined && { statusCode }),
      responseParameters,
      responseTemplates,
    }));
}

const findIn = (all: readonly GatewayResponse[], type: string) => all.find(one => one.responseType === type);

async function put(
  { apigateway }: Clients,
  restApiId: string,
  { responseType }: GatewayResponseChange,
  wanted: GatewayResponseDefinition | GatewayResponse | undefined,
): Promise<void> {
  const target = { restApiId, responseType: responseType as GatewayResponse['responseType'] };
  if (wanted) await apigateway.send(new PutGatewayResponseCommand({ ...wanted, ...target }));
  else await ignoring(isNotFound, apigateway.send(new DeleteGatewayResponseCommand(target)));
}

/** PutGatewayResponse replaces whatever is there: that must be what the plan found, or what an earlier attempt put. */
export async function changeGatewayResponses(
  clients: Clients,
  { execution, plan, made }: Execution,
  restApiId: string,
): Promise<void> {
  const changes = gatewayResponsesToChange(plan).filter(one => made.get(thingOf(one))?.state !== 'MADE');
  if (changes.length === 0) return;
  const there = plan.restApi.change === 'CREATE' ? [] : await listGatewayResponses(clients, restApiId);
  for (const change of changes) {
    const { responseType, definition, previous } = change;
    const current = findIn(there, responseType);
    const isTried = made.has(thingOf(change)) && isAsDefined(current, definition);
    if (!isDeepStrictEqual(current, previous) && !isTried) {
      throw new ServiceProxyError(
        'NotOwned',
        `gateway response ${responseType} of REST API ${restApiId} was changed by somebody else since the plan; start again`,
      );
    }
    await makeIntended(clients, execution, made, thingOf(change), () =>
      put(clients, restApiId, change, definition),
    );
    await recordMade(clients, plan.executionName, thingOf(change));
  }
}

/** Puts back what was there before this execution changed it. */
export async function takeGatewayResponsesBack(
  clients: Clients,
  { plan, made }: Execution,
  restApiId: string,
): Promise<string[]> {
  const changes = gatewayResponsesToChange(plan).filter(one => made.has(thingOf(one)));
  if (changes.length === 0) return [];
  const there = (await ifFound(listGatewayResponses(clients, restApiId))) ?? [];
  const rolledBack: string[] = [];
  const foreign: string[] = [];
  for (const change of changes) {
    const { responseType, definition, previous } = change;
    const current = findIn(there, responseType);
    // Nothing to take back so far: a call that was cut off may still arrive.
    if (isDeepStrictEqual(current, previous)) checkSettled(clients, made, thingOf(change));
    else if (isAsDefined(current, definition)) {
      await put(clients, restApiId, change, previous);
      rolledBack.push(`gateway response ${responseType}`);
    } else {
      foreign.push(responseType);
      continue;
    }
    await forgetMade(clients, plan.executionName, thingOf(change));
  }
  if (foreign.length === 0) return rolledBack;
  throw new ServiceProxyError(
    'NotOwned',
    `gateway response ${foreign.join(', ')} of REST API ${restApiId} was changed by somebody else meanwhile`,
  );
}

/** What a removal takes away, or changes for the routes that stay. */
export async function removeGatewayResponses(
  clients: Clients,
  { plan }: Execution,
  restApiId: string,
): Promise<string[]> {
  const changed: string[] = [];
  for (const change of gatewayResponsesToChange(plan)) {
    await put(clients, restApiId, change, change.definition);
    changed.push(`gateway response ${change.responseType}`);
  }
  return changed;
}

/** Those of a plan that are not as they were before it, or, for a removal, not yet as planned. */
export async function gatewayResponsesLeft(
  clients: Clients,
  { plan, made }: Pick<Execution, 'plan' | 'made'>,
  restApiId: string,
): Promise<string[]> {
  const isRemoval = plan.operation === 'remove';
  const changes = gatewayResponsesToChange(plan).filter(one => isRemoval || made.has(thingOf(one)));
  if (changes.length === 0) return [];
  const there = (await ifFound(listGatewayResponses(clients, restApiId))) ?? [];
  return changes
    .filter(({ responseType, definition, previous }) => {
      const current = findIn(there, responseType);
      return isRemoval ? !isAsDefined(current, definition) : !isDeepStrictEqual(current, previous);
    })
    .map(({ responseType }) => `gateway response ${responseType}`);
}
