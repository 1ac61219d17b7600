// The enumerated cases: every step, fault and start; every step of a rollback and of a removal; every state and error name.
import { allFunctions } from '../../statemachine/functions.ts';
import type { Case } from './cases.ts';
import { courseOf } from './courses.ts';
import { type FaultKind, faultKinds, type SimulatedFault } from './faults.ts';
import { type StartName, startNames } from './starts.ts';

/** Kinds that differ when they last: the others are gone before anybody could give up. */
const lasting: readonly FaultKind[] = [
  'throttle',
  'errorBefore',
  'errorAfter',
  'resetAfter',
  'noAnswerAfter',
  'conflict',
  'denied',
  'quota',
  'killAfter',
  'throttleForLong',
];
/** The ledger's calls are many and alike. */
const ledgerKinds: readonly FaultKind[] = [
  'throttle',
  'errorBefore',
  'errorAfter',
  'killAfter',
  'lateDuplicate',
];

const unique = (lines: readonly string[]) => [...new Set(lines)];

/** `CreateRole iam:CreateRole` and so on, each once. */
export const uniqueCalls = (trace: readonly { readonly in: string; readonly call: string }[]) =>
  unique(trace.map(({ in: where, call }) => `${where} ${call}`)).map(text => {
    const [where = '', call = ''] = text.split(' ');
    return { in: where, call };
  });

/** What an undisturbed case calls. */
const callsOf = async (one: Pick<Case, 'start' | 'operation'>, faults: readonly SimulatedFault[] = []) =>
  uniqueCalls((await courseOf({ ...one, faults })).trace);

/**
 * None of API Gateway's calls can be fenced off, and none takes a token: a duplicate of a delete takes away what was put
 * there again since, one of PutIntegration changes a method that was put back, and one of CreateDeployment leaves a
 * second deployment, which no stage serves.
 */
const unfenced = new Set(
  ['DeleteMethod', 'PutIntegration', 'CreateDeployment'].map(call => `apigateway:${call}`),
);
const isBeyondUs = (kind: FaultKind, call: string) => kind === 'lateDuplicate' && unfenced.has(call);

export function faultsOf({ in: where, call }: { in: string; call: string }): SimulatedFault[] {
  const isLedger = call.startsWith('dynamodb:');
  const once = (isLedger ? ledgerKinds : faultKinds)
    .filter(kind => !isBeyondUs(kind, call))
    .map(kind => ({
      in: where,
      call,
      kind,
      lasts: 'once' as const,
    }));
  const always = (isLedger ? (['errorBefore'] as const) : lasting).map(kind => ({
    in: where,
    call,
    kind,
    lasts: 'always' as const,
  }));
  return [...once, ...always];
}

async function forward(operation: Case['operation'], starts: readonly StartName[]): Promise<Case[]> {
  const cases: Case[] = [];
  for (const start of starts) {
    cases.push({ start, operation, faults: [] });
    for (const call of await callsOf({ start, operation }))
      for (const fault of faultsOf(call)) cases.push({ start, operation, faults: [fault] });
  }
  return cases;
}

/** Where a provision is made to fail for good, so that everything before it is rolled back. */
const failures: readonly SimulatedFault[] = [
  { in: 'CreateRestApi', call: 'apigateway:CreateRestApi', kind: 'denied', lasts: 'always' },
  { in: 'PutIntegration', call: 'apigateway:PutIntegrationResponse', kind: 'denied', lasts: 'always' },
  { in: 'CreateDeployment', call: 'apigateway:CreateDeployment', kind: 'denied', lasts: 'always' },
  { in: 'VerifyStage', call: 'execute-api:Invoke', kind: 'denied', lasts: 'always' },
  { in: 'RecordOutcome', call: 'dynamodb:PutItem', kind: 'denied', lasts: 'always' },
];

const rollbackStates = new Set([
  'DeleteRole',
  'ReleaseLock',
  'DeleteRestApi',
  'DeleteResource',
  'DeleteMethod',
  'DeleteIntegration',
  'RestoreDeployment',
  'RestoreRecord',
  'TakeInventory',
]);

async function rollback(starts: readonly StartName[]): Promise<Case[]> {
  const cases: Case[] = [];
  for (const start of starts) {
    for (const failure of failures) {
      cases.push({ start, operation: 'provision', faults: [failure] });
      const calls = await callsOf({ start, operation: 'provision' }, [failure]);
      for (const call of calls.filter(one => rollbackStates.has(one.in)))
        for (const fault of faultsOf(call))
          cases.push({ start, operation: 'provision', faults: [failure, fault] });
    }
  }
  return cases;
}

/** Where what is imported is made and taken away; the other states do the same as for few routes. */
const importing = new Set(['PutMethod', 'PutIntegration', 'DeleteIntegration', 'DeleteMethod']);

/** Faults that leave open whether an import took effect, or will. */
const unanswered = ['lateEffect', 'noAnswerAfter', 'resetAfter', 'killAfter', 'lateDuplicate'] as const;

/** Many routes, of which most is put by an import: every fault of its states, and failures after an open outcome. */
async function large(starts: readonly StartName[]): Promise<Case[]> {
  const cases: Case[] = [];
  const denied = (call: string): SimulatedFault => ({
    in: 'PutIntegration',
    call: `apigateway:${call}`,
    kind: 'denied',
    lasts: 'always',
  });
  for (const start of starts) {
    const one = { start, operation: 'provision' } as const;
    cases.push({ ...one, faults: [] });
    for (const failure of [[], [denied('UpdateMethod')], [denied('PutRestApi')]]) {
      const calls = (await callsOf(one, failure)).filter(
        ({ in: where, call }) => importing.has(where) && call.startsWith('apigateway:'),
      );
      for (const call of calls.filter(({ in: where }) => failure.length === 0 || where.startsWith('Delete')))
        for (const fault of faultsOf(call)) cases.push({ ...one, faults: [...failure, fault] });
    }
    for (const kind of unanswered) {
      const open: SimulatedFault = { ...denied('PutRestApi'), kind, lasts: 'once' };
      if (isBeyondUs(kind, open.call)) continue;
      for (const call of ['PutRestApi', 'UpdateMethod']) cases.push({ ...one, faults: [open, denied(call)] });
    }
  }
  return cases;
}

const errorNames = [
  'Throttled',
  'Contended',
  'Unavailable',
  'NotStabilized',
  'NotOwned',
  'Refused',
  'TestFailed',
  'InvalidInput',
  'Runtime.ExitError',
  'TypeError',
  'Lambda.Unknown',
];

function raised(): Case[] {
  return allFunctions().flatMap(({ name }) =>
    errorNames.flatMap(error =>
      (['fresh', 'ourRoute'] as const).map(
        (start): Case => ({ start, operation: 'provision', faults: [], raise: { in: name, error } }),
      ),
    ),
  );
}

export const removalStarts: readonly StartName[] = ['same', 'beside', 'besideTheirs', 'besideCors'];
export const provisionStarts = startNames.filter(name => !/^beside(Theirs|Cors)$|^large/.test(name));

export async function allCases(): Promise<Case[]> {
  return [
    ...(await forward('provision', provisionStarts)),
    ...(await rollback(['fresh', 'ourRoute', 'foreignApi', 'moreCors'])),
    ...(await forward('remove', removalStarts)),
    ...(await large(['largeFresh', 'largeBeside', 'largeOver'])),
    ...raised(),
  ];
}
