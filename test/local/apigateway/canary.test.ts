// A stage's canary: made beside what the stage serves, changed, promoted, removed.
import { describe, expect, it } from 'vitest';
import { aGateway, anApi, refusal } from './gateway.ts';

async function aStage() {
  const { gateway } = aGateway();
  const { restApiId } = await anApi(gateway);
  const { id: deploymentId } = await gateway.createDeployment({ restApiId, stageName: 'test' });
  const name = { restApiId, stageName: 'test' };
  const update = (...patchOperations: object[]) => gateway.updateStage({ ...name, patchOperations });
  return { gateway, name, restApiId, deploymentId, update };
}

describe('a canary', () => {
  it('starts from the stage’s own deployment and no requests', async () => {
    const { gateway, update, restApiId, deploymentId } = await aStage();
    const canarySettings = { deploymentId, percentTraffic: 0, useStageCache: false };
    const changed = await update({
      op: 'replace',
      path: '/canarySettings/stageVariableOverrides/a',
      value: '1',
    });
    expect(changed.canarySettings).toEqual({ ...canarySettings, stageVariableOverrides: { a: '1' } });
    const created = await gateway.createStage({
      restApiId,
      stageName: 'other',
      deploymentId,
      canarySettings: { percentTraffic: 5 },
    });
    expect(created.canarySettings).toEqual({ ...canarySettings, percentTraffic: 5 });
  });

  it('is promoted by copying, and ends with the next deployment', async () => {
    const { gateway, update, name } = await aStage();
    const { id } = await gateway.createDeployment({
      ...name,
      canarySettings: { percentTraffic: 10, stageVariableOverrides: { a: 'new' } },
    });
    await update({ op: 'add', path: '/variables/b', value: 'old' });
    const promoted = await update(
      { op: 'copy', from: '/canarySettings/deploymentId', path: '/deploymentId' },
      { op: 'copy', from: '/canarySettings/stageVariableOverrides', path: '/variables' },
    );
    expect(promoted).toMatchObject({ deploymentId: id, variables: { a: 'new', b: 'old' } });
    await gateway.createDeployment(name);
    expect(await gateway.getStage(name)).not.toHaveProperty('canarySettings');
  });

  it('is refused where there is nothing to release it beside, or to promote', async () => {
    const { gateway, update, restApiId, name } = await aStage();
    const canarySettings = { percentTraffic: 10 };
    expect([
      await refusal(gateway.createDeployment({ restApiId, canarySettings })),
      await refusal(gateway.createDeployment({ restApiId, stageName: 'new', canarySettings })),
      await refusal(gateway.createDeployment({ ...name, canarySettings: { percentTraffic: 101 } })),
      await refusal(update({ op: 'copy', from: '/canarySettings/deploymentId', path: '/deploymentId' })),
      await refusal(
        update({ op: 'copy', from: '/variables', path: '/canarySettings/stageVariableOverrides' }),
      ),
      await refusal(update({ op: 'replace', path: '/canarySettings/deploymentId', value: 'none' })),
      await refusal(update({ op: 'add', path: '/canarySettings/percentTraffic', value: '1' })),
    ]).toEqual([
      'BadRequestException: Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is null',
      'BadRequestException: Invalid deployment content specified.Stage new must already be created before making a canary release deployment',
      'BadRequestException: Invalid canary percentTraffic specified. Must be between 0.0 and 100.0',
      'BadRequestException: Promotion not available. Canary does not exist.',
      'BadRequestException: Invalid copy operation with path: /canarySettings/stageVariableOverrides and from /variables. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]',
      'BadRequestException: Deployment id does not exist',
      'BadRequestException: Invalid add operation with path: /canarySettings/percentTraffic',
    ]);
  });
});
