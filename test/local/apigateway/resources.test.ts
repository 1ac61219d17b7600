// The tree of an API's paths.
import type { APIGateway } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { aGateway, refusal } from './gateway.ts';

async function aTree(gateway: APIGateway) {
  const { id: restApiId = '', rootResourceId = '' } = await gateway.createRestApi({ name: 'tree' });
  const add = async (parentId: string, pathPart: string) => {
    const { id = '' } = await gateway.createResource({ restApiId, parentId, pathPart });
    return id;
  };
  const paths = async () => {
    const { items = [] } = await gateway.getResources({ restApiId });
    return items.map(item => item.path).sort();
  };
  return { restApiId, rootResourceId, add, paths };
}

describe('the resources of an API', () => {
  it('go with the resource above them when that one is deleted', async () => {
    const { gateway } = aGateway();
    const { restApiId, rootResourceId, add, paths } = await aTree(gateway);
    const pets = await add(rootResourceId, 'pets');
    await add(await add(pets, '{id}'), 'toys');
    await add(rootResourceId, 'owners');
    await gateway.deleteResource({ restApiId, resourceId: pets });
    expect(await paths()).toEqual(['/', '/owners']);
  });

  it('follow the resource above them when that one is renamed or moved', async () => {
    const { gateway } = aGateway();
    const { restApiId, rootResourceId, add, paths } = await aTree(gateway);
    const pets = await add(rootResourceId, 'pets');
    await add(await add(pets, '{id}'), 'toys');
    const owners = await add(rootResourceId, 'owners');
    await gateway.updateResource({
      restApiId,
      resourceId: pets,
      patchOperations: [
        { op: 'replace', path: '/pathPart', value: 'dogs' },
        { op: 'replace', path: '/parentId', value: owners },
      ],
    });
    expect(await paths()).toEqual([
      '/',
      '/owners',
      '/owners/dogs',
      '/owners/dogs/{id}',
      '/owners/dogs/{id}/toys',
    ]);
    expect(
      await refusal(
        gateway.updateResource({
          restApiId,
          resourceId: owners,
          patchOperations: [{ op: 'replace', path: '/parentId', value: pets }],
        }),
      ),
    ).toBe('BadRequestException: Resources cannot be cyclical.');
  });

  it('allow one variable per place and nothing below a greedy one', async () => {
    const { gateway } = aGateway();
    const { restApiId, rootResourceId: parentId, add } = await aTree(gateway);
    const proxy = await add(parentId, '{proxy+}');
    expect(await refusal(gateway.createResource({ restApiId, parentId, pathPart: '{id}' }))).toBe(
      'BadRequestException: A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed',
    );
    expect(await refusal(gateway.createResource({ restApiId, parentId: proxy, pathPart: 'x' }))).toBe(
      'BadRequestException: Cannot create a child of a resource with a greedy path variable: {proxy+}',
    );
    expect(await refusal(gateway.createResource({ restApiId, parentId, pathPart: '{proxy+}' }))).toBe(
      'ConflictException: Another resource with the same parent already has this name: {proxy+}',
    );
    for (const pathPart of ['a/b', 'a b', '{id', 'a{id}', '{id+}x']) {
      expect(await refusal(gateway.createResource({ restApiId, parentId, pathPart }))).toMatch(
        /path part only allow/,
      );
    }
  });

  it('are at most 300', async () => {
    const { gateway } = aGateway();
    const { restApiId, rootResourceId, add } = await aTree(gateway);
    for (let number = 1; number < 300; number++) await add(rootResourceId, `r${number}`);
    expect(
      await refusal(gateway.createResource({ restApiId, parentId: rootResourceId, pathPart: 'last' })),
    ).toMatch(/^LimitExceededException: /);
  });

  it('come in pages that stay right while others are deleted', async () => {
    const { gateway } = aGateway();
    const { restApiId, rootResourceId, add } = await aTree(gateway);
    const first = await add(rootResourceId, 'a');
    for (const pathPart of ['b', 'c', 'd']) await add(rootResourceId, pathPart);
    const { items: one = [], position } = await gateway.getResources({ restApiId, limit: 3 });
    await gateway.deleteResource({ restApiId, resourceId: first });
    const { items: two = [], position: end } = await gateway.getResources({ restApiId, limit: 3, position });
    expect([...one, ...two].map(item => item.path)).toEqual(['/', '/a', '/b', '/c', '/d']);
    expect(end).toBeUndefined();
  });

  it('show their methods only when asked to', async () => {
    const { gateway } = aGateway();
    const { restApiId, rootResourceId: resourceId } = await aTree(gateway);
    await gateway.putMethod({ restApiId, resourceId, httpMethod: 'get', authorizationType: 'none' });
    const { items: bare = [] } = await gateway.getResources({ restApiId });
    const { items: full = [] } = await gateway.getResources({ restApiId, embed: ['methods'] });
    expect(bare[0]?.resourceMethods).toEqual({ GET: {} });
    expect(full[0]?.resourceMethods).toEqual({
      GET: { httpMethod: 'GET', authorizationType: 'NONE', apiKeyRequired: false },
    });
  });
});
