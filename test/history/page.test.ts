// The page of an execution: self-contained, everything escaped, every state of its way in the graph.
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../history/csv.ts';
import { type Definition, layOut } from '../../history/graph.ts';
import { indexEntry } from '../../history/index-entry.ts';
import { listInText } from '../../history/list-text.ts';
import { pageOf } from '../../history/page.ts';
import { showInText } from '../../history/show-text.ts';
import { definition as generated } from '../../statemachine/definition.ts';
import { anExecution } from './executions.ts';

const definition = JSON.parse(JSON.stringify(generated())) as Definition;
const aState = {
  enteredAt: '2026-11-01T10:00:00.000Z',
  durationMs: 1200,
  attempts: 1,
  tries: [],
  callsInLedger: 0,
};
const hostile = `<script>alert(1)</script>"'&\u001b[31m${'x'.repeat(200)}`;
const hostileExecution = anExecution({
  name: hostile,
  requestedBy: hostile,
  api: hostile,
  stage: hostile,
  plan: [hostile],
  status: 'FAILED',
  error: hostile,
  cause: hostile,
  failedState: hostile,
  rolledBack: [hostile],
  notRolledBack: [{ state: hostile, error: hostile, cause: hostile }],
  routes: [{ service: hostile, action: hostile, httpMethod: 'GET', path: hostile }],
  states: [
    {
      ...aState,
      state: hostile,
      tries: [{ startedAt: '', durationMs: 1, error: hostile, cause: hostile, calls: [] }],
    },
  ],
  calls: [
    {
      at: hostile,
      service: hostile,
      operation: hostile,
      target: hostile,
      requestId: hostile,
      state: hostile,
      attempt: 0,
    },
  ],
});

describe('the page', () => {
  it('escapes whatever an execution holds', () => {
    const page = pageOf(hostileExecution, definition);
    expect(page).not.toContain('<script');
    expect(page.match(/<[a-z!/][^>]*'/g)?.filter(tag => tag.includes('alert'))).toBeUndefined();
    expect(page).toContain('&lt;script&gt;');
  });

  it('asks for nothing from elsewhere, and may not', () => {
    const page = pageOf(anExecution(), definition);
    expect(page).not.toMatch(/https?:|src=|@import|url\((?!#)/);
    expect(page).toContain('content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"');
  });

  it('shows a run of 46 states in less than 60 KB', () => {
    const states = Object.keys(definition.States).map(state => ({ ...aState, state }));
    expect(Buffer.byteLength(pageOf(anExecution({ states }), definition))).toBeLessThan(60_000);
  });
});

describe('the graph', () => {
  const place = (visited: string[]) =>
    new Map(layOut(definition, new Set(visited)).nodes.map(node => [node.name, node]));

  it('puts each rollback beside its step, and no two states in one place', () => {
    const nodes = place([]);
    expect(nodes.get('CreateRestApi')).toMatchObject({ column: 0 });
    expect(nodes.get('DeleteRestApi')).toMatchObject({ column: 1, row: nodes.get('CreateRestApi')?.row });
    const places = [...nodes.values()].map(({ column, row }) => `${column} ${row}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('leads each failure to the rollback of its own state', () => {
    const { edges } = layOut(definition, new Set());
    const failures = edges
      .filter(({ isFailure }) => isFailure)
      .map(({ from, to }) => `${from.name} → ${to.name}`);
    expect(failures).toContain('CreateRestApi → DeleteRestApi');
    expect(failures).toContain('TestInvokeMethod → DeleteIntegration');
  });

  it('follows the way that the execution took', () => {
    expect(place(['AcquireLockToRemove']).has('RemoveRole')).toBe(true);
    expect(place(['AcquireLockToRemove']).has('PutMethod')).toBe(false);
  });
});

describe('texts for a terminal', () => {
  it('fit into 80 columns and steer nothing, whatever they show', () => {
    const list = listInText({ entries: [indexEntry(hostileExecution)], total: 1, page: 1, limit: 20 });
    for (const text of [list, showInText(hostileExecution)]) {
      expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
      expect(text).not.toContain('\u001b');
    }
  });
});

describe('csvOf', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('makes no formula of %j', requestedBy => {
    const [, line = ''] = csvOf([indexEntry(anExecution({ requestedBy }))]).split('\r\n');
    expect(line).toMatch(/,"?'[=+\-@\t\r]/);
  });

  it('quotes what holds a comma, a quote or a line break', () => {
    expect(csvOf([indexEntry(anExecution({ requestedBy: 'Ann, "the" one' }))])).toContain(
      '"Ann, ""the"" one"',
    );
  });
});
