// APIs as a whole: made, cloned, tagged, deleted; and their models.
import { describe, expect, it } from 'vitest';
import { aGateway, anApi, refusal } from './gateway.ts';

describe('DeleteRestApi', () => {
  it('leaves nothing of the API behind, and nothing of the others out', async () => {
    const { aws, gateway } = aGateway();
    const kept = await anApi(gateway);
    await gateway.createDeployment({ restApiId: kept.restApiId, stageName: 'test' });
    const before = structuredClone(aws.store.content());
    const { restApiId } = await anApi(gateway);
    await gateway.createDeployment({ restApiId, stageName: 'test' });
    await gateway.createModel({
      restApiId,
      name: 'M',
      contentType: 'application/json',
      schema: '{"type":"object"}',
    });
    await gateway.createRequestValidator({ restApiId, name: 'v' });
    await gateway.putGatewayResponse({ restApiId, responseType: 'DEFAULT_4XX' });
    await gateway.deleteRestApi({ restApiId });
    expect(aws.store.content()).toEqual(before);
  });
});

describe('CreateRestApi', () => {
  it('clones another API with ids of its own', async () => {
    const { gateway } = aGateway();
    const { restApiId, root } = await anApi(gateway);
    const { id: requestValidatorId } = await gateway.createRequestValidator({ restApiId, name: 'v' });
    await gateway.putMethod({ ...root, httpMethod: 'PUT', authorizationType: 'NONE', requestValidatorId });
    const { id: clone = '', rootResourceId } = await gateway.createRestApi({
      name: 'clone',
      cloneFrom: restApiId,
    });
    await gateway.deleteRestApi({ restApiId });
    const put = { restApiId: clone, resourceId: rootResourceId, httpMethod: 'PUT' };
    const { items = [] } = await gateway.getRequestValidators({ restApiId: clone });
    expect((await gateway.getMethod(put)).requestValidatorId).toBe(items[0]?.id);
    expect(items[0]?.id).not.toBe(requestValidatorId);
  });
});

describe('tags', () => {
  it('are added to those there, and taken away by key', async () => {
    const { gateway } = aGateway();
    const { id = '' } = await gateway.createRestApi({ name: 'tagged', tags: { owner: 'a', team: 'b' } });
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${id}`;
    await gateway.tagResource({ resourceArn, tags: { owner: 'c' } });
    await gateway.untagResource({ resourceArn, tagKeys: ['team'] });
    expect((await gateway.getTags({ resourceArn })).tags).toEqual({ owner: 'c' });
    expect((await gateway.getRestApi({ restApiId: id })).tags).toEqual({ owner: 'c' });
    await gateway.untagResource({ resourceArn, tagKeys: ['owner'] });
    expect((await gateway.getRestApi({ restApiId: id })).tags).toBeUndefined();
  });
});

describe('a model', () => {
  it('must be JSON Schema that refers to models there are', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    const model = { restApiId, name: 'Order', contentType: 'application/json' };
    const start = 'BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : ';
    for (const schema of ['{', '[]', '{"type":"thing"}', '{"properties":{"a":{"required":"a"}}}']) {
      expect(await refusal(gateway.createModel({ ...model, schema }))).toBe(
        `${start}[Invalid model schema specified]`,
      );
    }
    const $ref = `https://apigateway.amazonaws.com/restapis/${restApiId}/models/Item`;
    const schema = JSON.stringify({ type: 'array', items: { $ref } });
    expect(await refusal(gateway.createModel({ ...model, schema }))).toMatch(/Item\]$/);
    await gateway.createModel({ ...model, name: 'Item', schema: '{"type":"object"}' });
    await gateway.createModel({ ...model, schema });
    expect(await refusal(gateway.deleteModel({ restApiId, modelName: 'Item' }))).toMatch(
      /^ConflictException: /,
    );
    const { schema: flat = '' } = await gateway.getModel({ restApiId, modelName: 'Order', flatten: true });
    expect(JSON.parse(flat)).toEqual({
      type: 'array',
      items: { $ref: '#/definitions/Item' },
      definitions: { Item: { type: 'object' } },
    });
  });

  it('cannot go while a method asks for it', async () => {
    const { gateway } = aGateway();
    const { restApiId, root } = await anApi(gateway);
    const requestModels = { 'application/json': 'Error' };
    await gateway.putMethod({ ...root, httpMethod: 'POST', authorizationType: 'NONE', requestModels });
    expect(await refusal(gateway.deleteModel({ restApiId, modelName: 'Error' }))).toBe(
      "ConflictException: Cannot delete model 'Error', is referenced in method request: //POST",
    );
  });
});

describe('an API key', () => {
  it('belongs to usage plans of stages that exist until it is deleted', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    const apiStages = [{ apiId: restApiId, stage: 'test' }];
    expect(await refusal(gateway.createUsagePlan({ name: 'plan', apiStages }))).toBe(
      'NotFoundException: API Stage not found',
    );
    await gateway.createDeployment({ restApiId, stageName: 'test' });
    const { id: usagePlanId } = await gateway.createUsagePlan({ name: 'plan', apiStages });
    const { id: keyId, value } = await gateway.createApiKey({ name: 'key', enabled: true });
    await gateway.createUsagePlanKey({ usagePlanId, keyId, keyType: 'API_KEY' });
    expect((await gateway.getUsagePlanKeys({ usagePlanId })).items).toMatchObject([{ id: keyId, value }]);
    await gateway.deleteApiKey({ apiKey: keyId });
    expect((await gateway.getUsagePlanKeys({ usagePlanId })).items).toEqual([]);
  });
});
