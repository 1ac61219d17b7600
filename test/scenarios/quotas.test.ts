// Many routes under API Gateway's documented rates: each turn waits for its time, and hardly a call is refused.
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { embeddedStateMachineArn, openEmbedded } from '../../cli/embedded.ts';
import { virtualClock } from '../../local/clock.ts';
import { quotaFloor } from '../../local/quotas.ts';

const input = {
  stage: 'test',
  api: { name: 'MyDemoAPI' },
  authorization: { type: 'NONE' },
  acceptPublic: true,
  routes: Array.from({ length: 30 }, (_, index) => ({
    service: 'sns',
    action: 'ListTopics',
    path: `/topics-${index}`,
  })),
};

it('an execution of thirty routes takes little longer than the rates ask for', async () => {
  const clock = virtualClock();
  const aws = await openEmbedded({ clock, quotas: true });
  const done: Record<string, number> = {};
  let throttled = 0;
  aws.onCall(({ service, operation = '', error }) => {
    if (service !== 'apigateway') return;
    if (error === 'TooManyRequestsException') throttled += 1;
    else done[operation] = (done[operation] ?? 0) + 1;
  });
  const { region, credentials, requestHandler } = aws;
  const sfn = new SFNClient({ region, credentials, requestHandler, endpoint: 'http://embedded.localhost' });
  const startedAt = clock.now();
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: embeddedStateMachineArn,
      input: JSON.stringify(input),
    }),
  );
  const { status, stopDate = 0 } = await (await aws.states()).ended(executionArn);
  await aws.close();
  expect(status).toBe('SUCCEEDED');
  const calls = Object.values(done).reduce((sum, count) => sum + count, 0);
  expect(calls / input.routes.length).toBeLessThan(6);
  expect(throttled / calls).toBeLessThan(0.05);
  // What can be made at once at the beginning is a large part of so few calls: one state after the other takes longer.
  expect((stopDate - startedAt) / 1000).toBeLessThan(2 * quotaFloor(done));
});
