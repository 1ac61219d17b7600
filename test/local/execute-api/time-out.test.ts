// An integration that does not answer in time: the caller gets 504, at the time the integration names.
import { expect, it } from 'vitest';
import { virtualClock } from '../../../local/clock.ts';
import { aGateway } from './gateway.ts';

it.each([
  ['29 seconds where nothing is said', undefined, 29_000],
  ['the time-out of the integration', 2_500, 2_500],
])('answers 504 for a service that hangs, after %s', async (_, timeoutInMillis, milliseconds) => {
  const clock = virtualClock();
  const faults = [{ service: 'sns', operation: 'ListTopics', kind: 'timeout' }] as const;
  const { addRoute, aRole, deploy, call } = await aGateway({}, { clock, faults });
  const credentials = await aRole({ Effect: 'Allow', Action: 'sns:ListTopics', Resource: '*' });
  const uri = 'arn:aws:apigateway:us-east-1:sns:action/ListTopics';
  await addRoute({ pathPart: 'topics', integration: { uri, credentials, timeoutInMillis } });
  await deploy();
  const before = clock.now();
  const { status, json } = await call('/topics');
  expect([status, json()]).toEqual([504, { message: 'Endpoint request timed out' }]);
  expect(clock.now() - before).toBe(milliseconds);
});
