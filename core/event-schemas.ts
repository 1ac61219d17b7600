// The events of the product as JSON Schema, written as EventBridge's schema registry keeps it.

import { eventSource, requestDetailType } from './event-names.ts';
import type { OutcomeEvent } from './outcome-event.ts';

interface Schema {
  readonly [keyword: string]: unknown;
}

const text = { type: 'string' };
const list = (items: Schema) => ({ type: 'array', items });
const object = (properties: Readonly<Record<string, Schema>>, ...optional: readonly string[]) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(name => !optional.includes(name)),
});

const identity = { executionArn: text, clientToken: text, requestedBy: text };
const route = object({ path: text, httpMethod: text, service: text, action: text, url: text });
const served = object(
  {
    ...identity,
    restApiId: text,
    stage: text,
    routeCount: { type: 'integer' },
    routes: list(route),
    skippedStates: list(text),
  },
  'clientToken',
  'requestedBy',
  'skippedStates',
);
const failure = { ...identity, failedState: text, error: text, cause: text, rolledBack: list(text) };
const leftover = object({ what: text, why: text, command: text });
const problem = object({ path: text, message: text });

const details: Readonly<Record<OutcomeEvent['detailType'], Schema>> = {
  ServiceProxyProvisioned: served,
  ServiceProxyRemoved: served,
  ServiceProxyRolledBack: object(failure, 'clientToken', 'requestedBy'),
  ServiceProxyRollbackIncomplete: object(
    { ...failure, notRolledBack: list(leftover) },
    'clientToken',
    'requestedBy',
  ),
  ServiceProxyRejected: object(
    { ...identity, requestId: text, problems: { ...list(problem), minItems: 1 } },
    'executionArn',
    'clientToken',
    'requestedBy',
    'requestId',
  ),
};

function eventSchema(detailType: string, detail: Schema, source?: string): Schema {
  return {
    $schema: 'http://json-schema.org/draft-04/schema#',
    title: detailType,
    'x-amazon-events-detail-type': detailType,
    ...(source !== undefined && { 'x-amazon-events-source': source }),
    ...object({
      version: text,
      id: text,
      'detail-type': { enum: [detailType] },
      source: source === undefined ? text : { enum: [source] },
      account: text,
      time: { type: 'string', format: 'date-time' },
      region: text,
      resources: list(text),
      detail: { $ref: `#/definitions/${detailType}` },
    }),
    definitions: { [detailType]: detail },
  };
}

/** By the name of the event. The request's detail is the execution input, which says itself what is wrong with it. */
export const eventSchemas: Readonly<Record<string, Schema>> = {
  [requestDetailType]: eventSchema(requestDetailType, object({ stage: text })),
  ...Object.fromEntries(
    Object.entries(details).map(([name, detail]) => [name, eventSchema(name, detail, eventSource)]),
  ),
};
