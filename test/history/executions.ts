// Archived executions for tests, with defaults for what a test does not speak of.
import type { ArchivedExecution } from '../../history/archived-execution.ts';
import { type ArchiveRecord, sealRecord } from '../../history/chain.ts';

export function anExecution(given: Partial<ArchivedExecution> = {}): ArchivedExecution {
  const { name = 'one' } = given;
  return {
    name,
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:ServiceProxyProvisioning:${name}`,
    status: 'SUCCEEDED',
    startedAt: '2026-11-01T10:00:00.000Z',
    endedAt: '2026-11-01T10:00:09.000Z',
    redriveCount: 0,
    operation: 'provision',
    api: 'orders',
    restApiId: 'a1b2c3',
    stage: 'test',
    routes: [{ service: 'sns', action: 'ListTopics', httpMethod: 'GET', path: '/topics' }],
    input: { service: 'sns', action: 'ListTopics', stage: 'test' },
    plan: ['CREATE REST API orders'],
    states: [],
    calls: [],
    callsMissing: 0,
    rolledBack: [],
    notRolledBack: [],
    ...given,
  };
}

export function aChain(length: number, key = 'orders'): ArchiveRecord[] {
  const records: ArchiveRecord[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const previous = records.at(-1)?.sha256 ?? '';
    records.push(sealRecord(anExecution({ name: `run-${sequence}` }), { key, sequence, previous }));
  }
  return records;
}
