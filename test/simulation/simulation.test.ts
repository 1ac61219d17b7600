// The simulation itself: the same seed gives the same trace, and a part of the matrix and some seeds hold.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Case, caseName, runCase } from './cases.ts';
import { runTogether, shapeNames } from './concurrency.ts';
import { type Interruption, interruptionName, runInterruption } from './interruptions.ts';
import { runSeed } from './random-mix.ts';
import type { StartName } from './starts.ts';
import { traceLines } from './trace.ts';

const mix = { executions: 3, faultRate: 0.05 };

describe('a simulated schedule', () => {
  it('is the same for the same seed, to the last call', async () => {
    const first = await runSeed({ seed: 11, ...mix });
    await runSeed({ seed: 12, ...mix });
    const again = await runSeed({ seed: 11, ...mix });
    expect(traceLines(again.trace)).toEqual(traceLines(first.trace));
    expect(again.ended).toEqual(first.ended);
  });

  it('is another one for another seed', async () => {
    const [one, other] = [await runSeed({ seed: 11, ...mix }), await runSeed({ seed: 12, ...mix })];
    expect(traceLines(other.trace)).not.toEqual(traceLines(one.trace));
  });

  it.each([101, 102, 103, 104])('keeps every promise with seed %i', async seed => {
    const { violations } = await runSeed({ seed, ...mix });
    expect(violations).toEqual([]);
  });
});

const steps: readonly (readonly [start: StartName, where: string, call: string])[] = [
  ['fresh', 'CreateRole', 'iam:CreateRole'],
  ['fresh', 'CreateRestApi', 'apigateway:CreateRestApi'],
  ['foreignApi', 'CreateResource', 'apigateway:CreateResource'],
  ['ourRoute', 'PutMethod', 'apigateway:PutMethod'],
  ['firstCors', 'PutMethod', 'apigateway:PutGatewayResponse'],
  ['moreCors', 'PutMethod', 'apigateway:PutGatewayResponse'],
  ['existingResource', 'PutIntegration', 'apigateway:PutIntegrationResponse'],
  ['ourApi', 'CreateDeployment', 'apigateway:CreateDeployment'],
  ['ourRoute', 'CreateDeployment', 'apigateway:UpdateStage'],
  ['ourApi', 'RecordOutcome', 'dynamodb:PutItem'],
];
const kinds = ['resetAfter', 'noAnswerAfter', 'lateEffect', 'stale', 'denied'] as const;

const cases: Case[] = steps.flatMap(([start, where, call]) =>
  kinds.map(kind => {
    const lasts = kind === 'denied' || kind === 'noAnswerAfter' ? ('always' as const) : ('once' as const);
    return { start, operation: 'provision', faults: [{ in: where, call, kind, lasts }] };
  }),
);

describe('an execution that meets a fault', () => {
  beforeAll(() => runCase({ start: 'fresh', operation: 'provision', faults: [] }), 60_000);

  it.each(cases.map(one => [caseName(one), one] as const))('%s', async (_, one) => {
    const { violations } = await runCase(one);
    expect(violations).toEqual([]);
  });
});

describe('an execution that no Catch can reach', () => {
  const fresh = { start: 'fresh', operation: 'provision' } as const;
  const fault = { in: 'DeleteRestApi', call: 'apigateway:DeleteRestApi', kind: 'denied' } as const;
  const interruptions: Interruption[] = [
    { ...fresh, in: 'PutMethod', call: 'apigateway:CreateModel', how: 'ABORTED' },
    { ...fresh, in: 'VerifyStage', how: 'TIMED_OUT' },
    { ...fresh, in: 'CreateRestApi', how: 'States.Runtime' },
    // As often as the rollback machine tries; then the sweep has it try again.
    {
      ...fresh,
      in: 'VerifyStage',
      call: 'execute-api:Invoke',
      how: 'ABORTED',
      fault: { ...fault, lasts: 'always' },
    },
    // What it checked its deployment against is deleted by then.
    {
      start: 'besideTheirs',
      operation: 'remove',
      in: 'DeleteResource',
      call: 'dynamodb:Query',
      how: 'ABORTED',
    },
  ];

  it.each(interruptions.map(one => [interruptionName(one), one] as const))('%s', async (_, one) => {
    const { violations } = await runInterruption(one);
    expect(violations).toEqual([]);
  });
});

describe('five executions at once', () => {
  it.each(shapeNames)('on %s all end served and recorded', async shape => {
    const { violations } = await runTogether(shape, 5, 0);
    expect(violations).toEqual([]);
  });
});
