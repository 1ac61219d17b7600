// The committed schemas of the product's events.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventSchemas } from '../../core/event-schemas.ts';
import { finishedEventOf, outcomeEventOf } from '../../core/outcome-event.ts';

const folder = new URL('../../docs/events/', import.meta.url);

it('are what `npm run generate` writes', () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(eventSchemas)
      .map(name => `${name}.json`)
      .sort(),
  );
  for (const [name, schema] of Object.entries(eventSchemas)) {
    expect(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))).toEqual(schema);
  }
});

const ended = { executionArn: 'arn:x', input: { clientToken: 'one' } };

it('tell a refused plan from a rollback, and an incomplete one from a complete one', () => {
  const failed = (cause: object) =>
    outcomeEventOf({ ...ended, status: 'FAILED', cause: JSON.stringify(cause) })?.detailType;
  const base = { status: 'FAILED', failedState: 'PutMethod', error: 'Refused', cause: 'no', rolledBack: [] };
  expect(failed(base)).toBe('ServiceProxyRolledBack');
  expect(failed({ ...base, failedState: 'PlanChanges' })).toBe('ServiceProxyRejected');
  expect(failed({ ...base, status: 'ROLLBACK_INCOMPLETE' })).toBe('ServiceProxyRollbackIncomplete');
});

it('tell of an execution that was broken off what it had reached, or what its rollback took away', () => {
  const brokenOff = { ...ended, status: 'ABORTED' };
  const rollback = (status: string) => ({
    executionArn: 'arn:y',
    status: 'SUCCEEDED',
    input: { execution: 'arn:x' },
    output: JSON.stringify({ status, rolledBack: [['role a'], ['method b']] }),
  });
  const reached = {
    status: 'SUCCEEDED',
    operation: 'provision',
    restApiId: 'a',
    stage: 'test',
    routeCount: 0,
    routes: [],
  } as const;
  expect(finishedEventOf(brokenOff, rollback('FINISHED'), reached)).toMatchObject({
    detailType: 'ServiceProxyProvisioned',
    detail: { executionArn: 'arn:x', clientToken: 'one', restApiId: 'a' },
  });
  expect(finishedEventOf(brokenOff, rollback('ROLLED_BACK'), undefined)).toMatchObject({
    detailType: 'ServiceProxyRolledBack',
    detail: { error: 'ABORTED', rolledBack: ['role a', 'method b'] },
  });
  const failed = {
    ...rollback(''),
    status: 'FAILED',
    cause: JSON.stringify({ notRolledBack: [{ what: 'r' }] }),
  };
  expect(finishedEventOf(brokenOff, failed, undefined)).toMatchObject({
    detailType: 'ServiceProxyRollbackIncomplete',
    detail: { notRolledBack: [{ what: 'r' }] },
  });
});

it('say nothing of an execution that was broken off: its rollback has yet to end', () => {
  expect(outcomeEventOf({ ...ended, status: 'ABORTED', cause: 'by hand' })).toBeUndefined();
  expect(outcomeEventOf({ ...ended, status: 'TIMED_OUT' })).toBeUndefined();
});

it('name every problem of a refusal with its path', () => {
  const cause = JSON.stringify({
    failedState: 'PlanChanges',
    error: 'InvalidInput',
    cause: '$.stage: is required\\n$.path: "x" does not start with /',
  });
  const event = outcomeEventOf({ ...ended, status: 'FAILED', cause });
  expect(event?.detail).toMatchObject({
    problems: [
      { path: '$.stage', message: 'is required' },
      { path: '$.path', message: '"x" does not start with /' },
    ],
  });
});
