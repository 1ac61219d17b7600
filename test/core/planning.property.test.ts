// What holds for every plan, whatever is asked for and whatever exists: tried with random inputs on random accounts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOperation } from '../../catalog/catalog.ts';
import { ServiceProxyError } from '../../core/errors.ts';
import { parentPath } from '../../core/path.ts';
import { type Plan, routeKey } from '../../core/plan.ts';
import { planChanges } from '../../core/plan-changes.ts';
import { tries } from '../properties.ts';
import { type Asked, apiFor, asked, planningOf, startingModel } from './plan-inputs.ts';
import { carriedOut, closed, isDeployable, type Model, takenBack } from './plan-model.ts';

/** Undefined where the input, or what exists, does not allow it. */
function planOf(model: Model, input: object, name: string): Plan | undefined {
  try {
    return planChanges(planningOf(model, input, name));
  } catch (error) {
    if (error instanceof ServiceProxyError) return undefined;
    throw error;
  }
}

interface Past {
  readonly start: Model;
  readonly model: Model;
}

/** What is asked for, one after the other, and the last time. */
const course = fc.tuple(startingModel, fc.array(asked, { maxLength: 3 }), asked);

/** The account after those executions that succeed. */
function pastOf(start: Model, before: readonly Asked[]): Past {
  const api = apiFor(start);
  let model = start;
  for (const [index, one] of before.entries()) {
    const plan = planOf(model, { ...one, api }, `before${index}`);
    const after = plan && carriedOut(plan, model);
    if (plan && after && isDeployable(plan, model, after)) model = closed(plan, after);
  }
  return { start, model };
}

interface Planned extends Past {
  readonly plan: Plan;
  readonly input: object;
}

/** Checks what holds for a plan that comes about. */
const everyPlan = (check: (planned: Planned) => void, quick: number) =>
  fc.assert(
    fc.property(course, ([start, before, next]) => {
      const past = pastOf(start, before);
      const input = { ...next, api: apiFor(start) };
      const plan = planOf(past.model, input, 'next');
      fc.pre(plan !== undefined && isDeployable(plan, past.model, carriedOut(plan, past.model)));
      if (plan) check({ ...past, plan, input });
    }),
    tries(quick),
  );

/** Removes what the record has on the stage: all of it, or a part. */
function removalOf(
  { model, start }: Past,
  stage: string,
  isChosen: (index: number) => boolean,
): object | undefined {
  const served = (model.record?.routes ?? []).filter(({ servedBy }) => stage in servedBy);
  const chosen = served.filter(({ httpMethod }, index) => httpMethod !== 'OPTIONS' && isChosen(index));
  if (chosen.length === 0) return undefined;
  const api = apiFor(start);
  const routes = chosen.map(({ path, httpMethod, service, action }) => ({
    path,
    httpMethod,
    service,
    action,
    ...resourcesFor(service),
    ...(served.some(one => one.path === path && one.httpMethod === 'OPTIONS') && {
      cors: { origins: ['https://example.com'] },
    }),
  }));
  return { operation: 'remove', stage, api, routes };
}

const resourcesFor = (service: string): object => ({
  ...(service === 's3' && { parameters: { Bucket: { value: 'orders' }, Key: { value: 'k' } } }),
  ...(['sqs', 'dynamodb'].includes(service) && {
    resources: [`arn:aws:${service}:us-east-1:000000000000:${service === 'sqs' ? 'orders' : 'table/orders'}`],
  }),
});

describe('a plan', () => {
  it('has nothing left to do once it was carried out', () => {
    everyPlan(({ model, plan, input }) => {
      const again = planOf(closed(plan, carriedOut(plan, model)), input, 'again');
      const changes = [
        again?.restApi,
        ...(again?.resources ?? []),
        ...(again?.routes ?? []).flatMap(({ method, role, model: bodyModel }) => [method, role, bodyModel]),
        again?.requestValidator,
        ...(again?.authorizers ?? []),
        ...(again?.gatewayResponses ?? []),
        again?.stage,
      ].flatMap(one => (one ? one.change : []));
      expect([...new Set(changes)]).toEqual(['KEEP']);
      expect(again?.superseded).toEqual({ roles: [], models: [] });
    }, 50);
  });

  it('holds everything it takes to get back to what was there', () => {
    everyPlan(({ model, plan }) => {
      expect(takenBack(plan, carriedOut(plan, model))).toEqual(model);
    }, 30);
  });

  it('changes nothing that is not ours, and creates nothing that is there', () => {
    everyPlan(({ start, model, plan }) => {
      const after = closed(plan, carriedOut(plan, model));
      for (const { path, id, methods } of start.resources) {
        const now = after.resources.find(one => one.path === path);
        expect(now?.id).toBe(id);
        expect(now?.methods).toMatchObject(methods);
      }
      expect(after.gatewayResponses).toEqual(expect.arrayContaining([...start.gatewayResponses]));
      expect(after.requestValidators).toEqual(expect.arrayContaining([...start.requestValidators]));
      const others = Object.keys(start.stages).filter(name => name !== plan.stage.name);
      for (const name of others) expect(after.stages[name]).toBe(model.stages[name]);
      if (start.restApi) expect(after.restApi).toEqual(start.restApi);
      const there = new Set(model.resources.map(({ path }) => path));
      for (const { change, path } of plan.resources) expect(change === 'KEEP').toBe(there.has(path));
      for (const route of plan.routes) {
        const previous = model.resources.find(({ path }) => path === route.path)?.methods[route.httpMethod];
        expect(route.method.change === 'CREATE').toBe(previous === undefined);
        expect(route.method.previous).toEqual(previous);
      }
    }, 30);
  });

  it('names parents before children, and no thing twice', () => {
    everyPlan(({ plan }) => {
      const paths = plan.resources.map(({ path }) => path);
      const known = new Set(['/']);
      for (const path of paths) {
        expect(known).toContain(parentPath(path));
        known.add(path);
      }
      const made = plan.routes.flatMap(({ role, model }) => [
        ...(role?.change === 'CREATE' ? [`role ${role.name}`] : []),
        ...(model?.change === 'CREATE' ? [`model ${model.name}`] : []),
      ]);
      const names = [...paths, ...plan.routes.map(routeKey), ...made];
      expect(names).toEqual([...new Set(names)]);
      const used = plan.routes.flatMap(({ role, model }) => [role?.name, model?.name]);
      for (const name of [...plan.superseded.roles, ...plan.superseded.models])
        expect(used).not.toContain(name);
    }, 30);
  });

  it('gives a role the actions of its operation alone, and only where the lists allow the operation', () => {
    const patterns = ['*', 'sns:*', 'sqs:Send*', 'dynamodb:GetItem', '*:List*', 's3:*'];
    const lists = fc.record({ allow: fc.subarray(patterns), deny: fc.subarray(patterns.slice(1)) });
    fc.assert(
      fc.property(startingModel, asked, lists, (start, given, settings) => {
        const input = { ...given, api: apiFor(start) };
        const allowed = (action: string) => {
          const matches = (pattern: string) =>
            pattern.split('*').reduce((from, part) => (from < 0 ? from : action.indexOf(part, from)), 0) >= 0;
          return settings.allow.some(matches) && !settings.deny.some(matches);
        };
        const isAllowed = given.routes.every(({ service, action }) => allowed(`${service}:${action}`));
        let plan: Plan;
        try {
          plan = planChanges(planningOf(start, input, 'next', settings));
        } catch (error) {
          const isRefused = /allow and deny lists/.test((error as Error).message);
          expect(isRefused).toBe(!isAllowed);
          return;
        }
        expect(isAllowed).toBe(true);
        for (const { role, service, action, httpMethod, path } of plan.routes) {
          if (!role) continue;
          const operation = findOperation(service, action);
          const { Statement } = JSON.parse(role.permissionsPolicy);
          const named = given.routes.find(
            one =>
              one.path === path && one.action === action && (one.httpMethod ?? httpMethod) === httpMethod,
          );
          expect(Statement).toHaveLength(1);
          expect(Statement[0].Action).toEqual('iam' in operation ? operation.iam.actions : []);
          expect([Statement[0].Resource].flat()).toEqual(named?.resources ?? ['*']);
        }
      }),
      tries(30),
    );
  });
});

describe('the plan of a removal', () => {
  /** Checks what holds for the removal of some routes, after some executions. */
  const everyRemoval = (check: (removal: Planned & { readonly stage: string }) => void) =>
    fc.assert(
      fc.property(course, fc.array(fc.boolean()), ([start, before, next], choices) => {
        const past = pastOf(start, [...before, next]);
        const { stage } = next;
        const input = removalOf(past, stage, index => choices[index] ?? true);
        const plan = input && planOf(past.model, input, 'removal');
        fc.pre(plan !== undefined);
        if (plan) check({ ...past, plan, input, stage });
      }),
      tries(30),
    );

  it('takes away what is recorded, and nothing else', () => {
    everyRemoval(({ start, model, stage, plan }) => {
      const after = carriedOut(plan, model);
      expect(isDeployable(plan, model, after)).toBe(true);
      const removed = new Set(plan.routes.map(routeKey));
      const ours = model.record?.routes ?? [];
      for (const route of plan.routes) expect(ours.map(routeKey)).toContain(routeKey(route));
      for (const { path, id, methods } of plan.restApi.change === 'DELETE' ? [] : model.resources) {
        const now = after.resources.find(one => one.path === path);
        if (!now) {
          expect(start.resources.map(one => one.path)).not.toContain(path);
          expect(Object.keys(methods).every(one => removed.has(`${one} ${path}`))).toBe(true);
          continue;
        }
        expect(now.id).toBe(id);
        const left = Object.entries(methods).filter(([one]) => !removed.has(`${one} ${path}`));
        expect(now.methods).toEqual(Object.fromEntries(left));
      }
      const served = ours.flatMap(({ servedBy }) => Object.entries(servedBy));
      const elsewhere = served.flatMap(([name, { roleName }]) => (name === stage ? [] : (roleName ?? [])));
      const staying = ours
        .filter(one => !removed.has(routeKey(one)))
        .flatMap(({ roleName }) => roleName ?? []);
      const left = after.roles.map(({ name }) => name);
      for (const name of [...elsewhere, ...staying]) expect(left).toContain(name);
    });
  });

  it('of everything leads back to what was there at first', () => {
    fc.assert(
      fc.property(course, ([start, before, next]) => {
        let { model } = pastOf(start, [...before, next]);
        // The stage that serves more comes first: without its routes the other one could not be deployed.
        const servedOn = (name: string) =>
          model.record?.routes.filter(({ servedBy }) => name in servedBy).length ?? 0;
        for (const stage of ['test', 'prod'].toSorted((one, other) => servedOn(other) - servedOn(one))) {
          const input = removalOf({ start, model }, stage, () => true);
          const plan = input && planOf(model, input, `removal of ${stage}`);
          // Somebody else's stage cannot be left without any method.
          fc.pre(!input || plan !== undefined);
          if (plan) model = closed(plan, carriedOut(plan, model));
        }
        // A stage that others deployed to before stays, and keeps serving from a deployment of ours.
        const { stages: _s, authorizers: _a, deployments: _d, ...left } = model;
        const { stages: _t, authorizers: _b, deployments: _e, ...first } = start;
        expect(left).toEqual(first);
      }),
      tries(30),
    );
  });

  it('deletes a resource only with everything below it', () => {
    everyRemoval(({ model, plan }) => {
      const doomed = new Set(
        plan.resources.filter(({ change }) => change === 'DELETE').map(({ path }) => path),
      );
      for (const { path } of model.resources)
        if (doomed.has(parentPath(path)) && path !== '/') expect(doomed).toContain(path);
      const lengths = plan.resources.map(({ path }) => path.length);
      expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
    });
  });
});
