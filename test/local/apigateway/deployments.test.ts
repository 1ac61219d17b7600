// Deployments freeze an API; stages point at them.
import { describe, expect, it } from 'vitest';
import { collections } from '../../../local/apigateway/model.ts';
import { aGateway, anApi, refusal } from './gateway.ts';

describe('CreateDeployment', () => {
  it('refuses an API without methods, and one method without integration', async () => {
    const { gateway } = aGateway();
    const { id: empty = '' } = await gateway.createRestApi({ name: 'empty' });
    expect(await refusal(gateway.createDeployment({ restApiId: empty }))).toBe(
      "BadRequestException: The REST API doesn't contain any methods",
    );
    const { restApiId, root } = await anApi(gateway);
    await gateway.putMethod({ ...root, httpMethod: 'POST', authorizationType: 'NONE' });
    expect(await refusal(gateway.createDeployment({ restApiId, stageName: 'test' }))).toBe(
      'BadRequestException: No integration defined for method',
    );
    expect((await gateway.getStages({ restApiId })).item).toEqual([]);
  });

  it('refuses services that API Gateway does not integrate with', async () => {
    const { gateway } = aGateway();
    const { restApiId, root } = await anApi(gateway, 'none');
    await gateway.putIntegration({
      ...root,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: 'arn:aws:apigateway:us-east-1:abc.execute-api:path/test',
      credentials: 'arn:aws:iam::000000000000:role/r',
    });
    expect(await refusal(gateway.createDeployment({ restApiId }))).toBe(
      'BadRequestException: AWS Service of type execute-api not supported',
    );
  });

  it('keeps the API as it was', async () => {
    const { aws, gateway } = aGateway();
    const { restApiId, root } = await anApi(gateway);
    const { id = '' } = await gateway.createDeployment({ restApiId });
    await gateway.putMethod({ ...root, httpMethod: 'POST', authorizationType: 'NONE' });
    await gateway.deleteIntegration(root);
    const { apiSummary } = await gateway.getDeployment({
      restApiId,
      deploymentId: id,
      embed: ['apisummary'],
    });
    expect(apiSummary).toEqual({ '/': { GET: { authorizationType: 'NONE', apiKeyRequired: false } } });
    const frozen = collections(aws).deployments.get(`${restApiId}/${id}`)?.snapshot.resources[0]
      ?.resourceMethods;
    expect(frozen?.GET?.methodIntegration?.type).toBe('MOCK');
  });

  it('points a stage that exists at the new deployment and leaves its other settings', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    await gateway.createDeployment({ restApiId, stageName: 'test', variables: { a: '1' } });
    const { id } = await gateway.createDeployment({ restApiId, stageName: 'test' });
    const stage = await gateway.getStage({ restApiId, stageName: 'test' });
    expect(stage).toMatchObject({ deploymentId: id, variables: { a: '1' } });
  });
});

describe('DeleteDeployment', () => {
  it('waits until no stage points at the deployment', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    const { id: old = '' } = await gateway.createDeployment({ restApiId, stageName: 'test' });
    const { id: current = '' } = await gateway.createDeployment({ restApiId });
    expect(await refusal(gateway.deleteDeployment({ restApiId, deploymentId: old }))).toBe(
      'BadRequestException: Active stages pointing to this deployment must be moved or deleted',
    );
    await gateway.updateStage({
      restApiId,
      stageName: 'test',
      patchOperations: [{ op: 'replace', path: '/deploymentId', value: current }],
    });
    await gateway.deleteDeployment({ restApiId, deploymentId: old });
    expect((await gateway.getDeployments({ restApiId })).items?.map(({ id }) => id)).toEqual([current]);
  });
});

describe('a stage', () => {
  it('is one of at most ten, with a name of letters, digits, _ and -', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    const { id: deploymentId } = await gateway.createDeployment({ restApiId });
    for (let number = 0; number < 10; number++) {
      await gateway.createStage({ restApiId, deploymentId, stageName: `s-${number}` });
    }
    expect(await refusal(gateway.createStage({ restApiId, deploymentId, stageName: 'eleventh' }))).toMatch(
      /^LimitExceeded/,
    );
    expect(await refusal(gateway.createStage({ restApiId, deploymentId, stageName: 's-1' }))).toBe(
      'ConflictException: Stage already exists',
    );
    expect(await refusal(gateway.createStage({ restApiId, deploymentId, stageName: 'a b' }))).toBe(
      'BadRequestException: Stage name only allows a-zA-Z0-9_',
    );
  });

  it('takes over its canary by copying, and forgets settings one by one', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    await gateway.createDeployment({ restApiId, stageName: 'test' });
    const { id: canary } = await gateway.createDeployment({
      restApiId,
      stageName: 'test',
      canarySettings: { percentTraffic: 10 },
    });
    const name = { restApiId, stageName: 'test' };
    expect((await gateway.getStage(name)).deploymentId).not.toBe(canary);
    await gateway.updateStage({
      ...name,
      patchOperations: [
        { op: 'copy', from: '/canarySettings/deploymentId', path: '/deploymentId' },
        { op: 'remove', path: '/canarySettings' },
        { op: 'replace', path: '/~1pets/GET/throttling/rateLimit', value: '5' },
        { op: 'replace', path: '/variables/a', value: '1' },
      ],
    });
    await gateway.updateStage({
      ...name,
      patchOperations: [
        { op: 'remove', path: '/~1pets/GET' },
        { op: 'remove', path: '/variables/a' },
      ],
    });
    const stage = await gateway.getStage(name);
    expect(stage.deploymentId).toBe(canary);
    expect(stage).not.toHaveProperty('canarySettings');
    expect(stage).not.toHaveProperty('variables');
    expect(stage.methodSettings).toEqual({});
  });
});
