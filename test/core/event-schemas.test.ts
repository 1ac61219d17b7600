// The committed schemas of the product's events.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventSchemas } from '../../core/event-schemas.ts';
import { outcomeEventOf } from '../../core/outcome-event.ts';

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
