import { CreateDeploymentCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../local/clock.ts';
import { withinTimeout } from '../../../local/execute-api/time-out.ts';
import { anAccount } from '../front-door.ts';
import { aGateway, mock } from './gateway.ts';

describe('a canary', () => {
  it('serves its share of the requests, with its own variables', async () => {
    const { addRoute, deploy, call, gateway, restApiId } = await aGateway();
    await addRoute({
      pathPart: 'colour',
      ...mock('"$stageVariables.colour $!context.isCanaryRequest"'),
    });
    await deploy('dev', { colour: 'blue' });
    await gateway.send(
      new CreateDeploymentCommand({
        restApiId,
        stageName: 'dev',
        canarySettings: { percentTraffic: 100, stageVariableOverrides: { colour: 'yellow' } },
      }),
    );
    const withCanary = await call('/colour');
    await gateway.send(
      new UpdateStageCommand({
        restApiId,
        stageName: 'dev',
        patchOperations: [{ op: 'replace', path: '/canarySettings/percentTraffic', value: '0.0' }],
      }),
    );
    expect([withCanary.body, (await call('/colour')).body]).toEqual(['"yellow true"', '"blue false"']);
  });
});

describe('an integration’s time-out', () => {
  const account = () => ({ aws: anAccount({ clock: virtualClock() }), log: () => {} });

  it('answers for a backend that takes longer, and tells it to stop', async () => {
    const request = account();
    let signal: AbortSignal | undefined;
    const late = withinTimeout(request, { timeoutInMillis: 1000 }, given => {
      signal = given;
      return request.aws.clock.sleep(1001);
    });
    await expect(late).rejects.toMatchObject({ type: 'INTEGRATION_TIMEOUT' });
    expect(signal?.aborted).toBe(true);
  });

  it('does not get in the way of one that is in time', async () => {
    const request = account();
    const inTime = withinTimeout(request, {}, async () => {
      await request.aws.clock.sleep(28_999);
      return 'answer';
    });
    await expect(inTime).resolves.toBe('answer');
  });
});
