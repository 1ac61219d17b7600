// The accounts that executions start from, each made once and restored for every case.
import { roleNameFor } from '../../core/role.ts';
import type { StageDocument } from '../../local/apigateway/model.ts';
import { type Content, contentOf } from './content.ts';
import { inputFor, listTopics, manyRoutes, publish, route, stageName, withCors } from './inputs.ts';
import type { ServedRoute } from './watch.ts';
import { openWorld, type Saved, type World } from './world.ts';

export const executionName = 'case';

export interface Start {
  readonly saved: Saved;
  readonly input: object;
  /** Routes that must be served all the time. */
  readonly others: readonly ServedRoute[];
  /** What there was before this product did anything, and a removal goes back to. */
  readonly original: Content;
}

const named = { name: 'A' };
const hour = 60 * 60_000;

/** What there was after each of them. */
async function setUp(world: World, ...inputs: object[]): Promise<Content[]> {
  const contents: Content[] = [];
  for (const [index, input] of inputs.entries()) {
    const { result } = await world.run(`setup${index}`, input);
    if (result.status !== 'SUCCEEDED') throw new Error(JSON.stringify(result));
    contents.push(contentOf(world.save()));
  }
  return contents;
}

const idOf = (answer: Record<string, unknown>) => String(answer.id);

async function mockMethod(world: World, restApiId: string, resourceId: string): Promise<void> {
  const target = { restApiId, resourceId, httpMethod: 'GET' };
  const call = (operation: string, input: object) =>
    world.asOther('apigateway', operation, { ...target, ...input });
  await call('PutMethod', { authorizationType: 'NONE' });
  await call('PutMethodResponse', { statusCode: '200' });
  await call('PutIntegration', {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode":200}' },
  });
  await call('PutIntegrationResponse', { statusCode: '200' });
}

/** Somebody else's API with a method on each of the paths, deployed. */
async function foreignApi(world: World, ...paths: string[]): Promise<string> {
  const api = await world.asOther('apigateway', 'CreateRestApi', { name: 'theirs' });
  const restApiId = idOf(api);
  const ids = new Map([['', String(api.rootResourceId)]]);
  for (const path of paths) {
    const parentId = ids.get(path.slice(0, path.lastIndexOf('/')));
    const pathPart = path.slice(path.lastIndexOf('/') + 1);
    const resource = await world.asOther('apigateway', 'CreateResource', { restApiId, parentId, pathPart });
    ids.set(path, idOf(resource));
    if (!path.endsWith('/p')) await mockMethod(world, restApiId, idOf(resource));
  }
  const deployment = await world.asOther('apigateway', 'CreateDeployment', { restApiId });
  await world.asOther('apigateway', 'CreateStage', { restApiId, stageName, deploymentId: idOf(deployment) });
  return restApiId;
}

const apiOf = (world: World) => {
  const stage = [...world.store.collection<StageDocument>('apigateway/stages').values()][0];
  return stage?.restApiId ?? '';
};

interface Made {
  readonly input: object;
  readonly others?: readonly ServedRoute[];
  readonly original?: Content;
}

type Make = (world: World) => Promise<Made>;

const makers = {
  fresh: async () => ({ input: inputFor(named) }),
  ourApi: async world => {
    await setUp(world, inputFor(named, [route('/other')]));
    const others = [{ restApiId: apiOf(world), stageName, path: '/other', httpMethod: 'GET' }];
    return { input: inputFor(named), others };
  },
  ourRoute: async world => {
    await setUp(world, inputFor(named, [route('/p', 'ListSubscriptions'), publish]));
    const others = [{ restApiId: apiOf(world), stageName, path: '/p', httpMethod: 'GET' }];
    return { input: inputFor(named), others };
  },
  same: async world => {
    const original = contentOf(world.save());
    await setUp(world, inputFor(named));
    const others = [{ restApiId: apiOf(world), stageName, path: '/p', httpMethod: 'GET' }];
    return { original, input: inputFor(named), others };
  },
  beside: async world => {
    await setUp(world, inputFor(named, [route('/other')]), inputFor(named));
    const others = [{ restApiId: apiOf(world), stageName, path: '/other', httpMethod: 'GET' }];
    return { input: inputFor(named), others };
  },
  /** A first route with CORS in an API of ours: gateway responses are made, and taken away with it. */
  firstCors: async world => {
    await setUp(world, inputFor(named, [route('/other')]));
    const others = [{ restApiId: apiOf(world), stageName, path: '/other', httpMethod: 'GET' }];
    return { input: inputFor(named, [withCors(listTopics, 'https://a.example')]), others };
  },
  /** One more, for another origin: they are changed, and changed back. */
  moreCors: async world => {
    await setUp(world, inputFor(named, [withCors(route('/other'), 'https://b.example')]));
    const others = [{ restApiId: apiOf(world), stageName, path: '/other', httpMethod: 'GET' }];
    return { input: inputFor(named, [withCors(listTopics, 'https://a.example')]), others };
  },
  /** The same before a removal. */
  besideCors: async world => {
    const input = inputFor(named, [withCors(listTopics, 'https://a.example')]);
    const other = inputFor(named, [withCors(route('/other'), 'https://b.example')]);
    const [original] = await setUp(world, other, input);
    const others = [{ restApiId: apiOf(world), stageName, path: '/other', httpMethod: 'GET' }];
    return { ...(original && { original }), input, others };
  },
  otherStage: async world => {
    await setUp(world, inputFor(named, [listTopics, publish], 'prod'));
    const others = [{ restApiId: apiOf(world), stageName: 'prod', path: '/p', httpMethod: 'GET' }];
    return { input: inputFor(named), others };
  },
  foreignApi: async world => {
    const id = await foreignApi(world, '/theirs');
    return {
      input: inputFor({ id }),
      others: [{ restApiId: id, stageName, path: '/theirs', httpMethod: 'GET' }],
    };
  },
  besideTheirs: async world => {
    const id = await foreignApi(world, '/p', '/p/theirs');
    const original = contentOf(world.save());
    await setUp(world, inputFor({ id }));
    return {
      original,
      input: inputFor({ id }),
      others: [{ restApiId: id, stageName, path: '/p/theirs', httpMethod: 'GET' }],
    };
  },
  existingResource: async world => {
    const id = await foreignApi(world, '/p', '/p/theirs');
    return {
      input: inputFor({ id }),
      others: [{ restApiId: id, stageName, path: '/p/theirs', httpMethod: 'GET' }],
    };
  },
  leftoverRole: async world => {
    const RoleName = roleNameFor(listTopics, executionName);
    await world.asOther('iam', 'CreateRole', {
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    });
    return { input: inputFor(named) };
  },
  largeFresh: async () => ({ input: inputFor(named, manyRoutes()) }),
  largeBeside: async world => {
    await setUp(world, inputFor(named, [route('/other')]));
    const others = [{ restApiId: apiOf(world), stageName, path: '/other', httpMethod: 'GET' }];
    return { input: inputFor(named, manyRoutes()), others };
  },
  largeOver: async world => {
    await setUp(world, inputFor(named, [route('/other'), ...manyRoutes('ListSubscriptions')]));
    const others = [{ restApiId: apiOf(world), stageName, path: '/other', httpMethod: 'GET' }];
    return { input: inputFor(named, manyRoutes()), others };
  },
} satisfies Record<string, Make>;

export type StartName = keyof typeof makers;
export const startNames = Object.keys(makers) as readonly StartName[];

/** With so many routes that they are imported, which is done where API Gateway's rates hold. */
export const isLarge = (name: StartName) => name.startsWith('large');

const made = new Map<StartName, Start>();

export async function startFrom(name: StartName): Promise<Start> {
  const known = made.get(name);
  if (known) return known;
  const world = await openWorld({ seed: 1_000_000 + startNames.indexOf(name), quotas: isLarge(name) });
  const make: Make = makers[name];
  const { input, others = [], original } = await make(world);
  const saved = world.save();
  const start = {
    // Long enough ago for everything to have arrived everywhere.
    saved: { ...saved, past: new Map(), at: saved.at + hour },
    input,
    others,
    original: original ?? contentOf(saved),
  };
  made.set(name, start);
  return start;
}
