// When scheduled rules are due, and that they are.
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { readSchedule } from '../../../local/events/schedule.ts';
import { anAccount } from './account.ts';

const at = (text: string) => Date.parse(text);
const next = (expression: string, after: string, createdAt = after) => {
  const time = readSchedule(expression)(at(after), at(createdAt));
  return time === undefined ? undefined : new Date(time).toISOString().replace(':00.000Z', '');
};

describe('a schedule expression', () => {
  it.each([
    ['rate(5 minutes)', '2026-01-01T00:07', '2026-01-01T00:12'],
    ['cron(0 10 * * ? *)', '2026-01-01T10:00', '2026-01-02T10:00'],
    ['cron(15 12 ? * MON-FRI *)', '2026-01-02T13:00', '2026-01-05T12:15'],
    ['cron(0/15 * * * ? *)', '2026-01-01T00:46', '2026-01-01T01:00'],
    ['cron(0 8 1 * ? *)', '2026-01-01T08:00', '2026-02-01T08:00'],
    ['cron(0 0 L * ? *)', '2026-02-01T00:00', '2026-02-28T00:00'],
    ['cron(0 0 1W * ? *)', '2026-08-01T00:00', '2026-08-03T00:00'],
    ['cron(0 0 ? * 3#2 *)', '2026-01-01T00:00', '2026-01-13T00:00'],
    ['cron(0 0 ? * 6L *)', '2026-01-01T00:00', '2026-01-30T00:00'],
    ['cron(0 0 29 FEB ? *)', '2026-01-01T00:00', '2028-02-29T00:00'],
    ['cron(0 0 1 1 ? 2027)', '2026-01-01T00:00', '2027-01-01T00:00'],
  ])('%s after %s is due at %s', (expression, after, expected) => {
    expect(next(expression, `${after}Z`)).toBe(expected);
  });

  it('is never due after its last year', () => {
    expect(next('cron(0 0 1 1 ? 2025)', '2026-01-01T00:00Z')).toBeUndefined();
  });

  it.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'cron(0 10 * * * *)',
    'cron(60 10 * * ? *)',
    'cron(0 10 ? * ? *)',
    'at(2026-01-01T00:00:00)',
  ])('%s is refused', expression => {
    expect(() => readSchedule(expression)).toThrow('Parameter ScheduleExpression is not valid.');
  });
});

describe('a scheduled rule', () => {
  it('sends a Scheduled Event whenever it is due', async () => {
    const { events, queue, received } = await anAccount();
    const Arn = await queue('ticks');
    await events.send(new PutRuleCommand({ Name: 'sweep', ScheduleExpression: 'rate(1 minute)' }));
    await events.send(new PutTargetsCommand({ Rule: 'sweep', Targets: [{ Id: 'q', Arn }] }));
    const bodies = (await received('ticks', 185)).map(({ Body = '' }) => JSON.parse(Body));
    expect(bodies).toHaveLength(3);
    expect(bodies[0]).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/sweep'],
    });
  });
});
