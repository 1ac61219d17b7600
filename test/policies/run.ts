// `npm run prove:policies [-- FUNCTION…]`: takes every permission away, one at a time, and lists those that no scenario misses.
import { exceptions } from './exceptions.ts';
import { openPlayers } from './players.ts';
import { missedBy, needing, undeclared } from './prove.ts';
import { removalsOf, synthesisedPolicies } from './removals.ts';
import { scenarios } from './scenarios.ts';

const startedAt = performance.now();
const policies = synthesisedPolicies();
const players = openPlayers();
const names = scenarios.map(({ name }) => name);
const [played, again] = await Promise.all([
  Promise.all(names.map(name => players.play(name, policies))),
  Promise.all(names.map(name => players.play(name, policies))),
]);
// What ends differently by itself proves nothing.
const fickle = names.filter((_, index) => played[index]?.outcome !== again[index]?.outcome);
const steady = played.filter(({ name }) => !fickle.includes(name));

const asked = process.argv.slice(2);
const isMeant = (functionName: string) => asked.length === 0 || asked.includes(functionName);
const removals = removalsOf(policies).filter(({ functionName }) => isMeant(functionName));
const missed = new Map<string, string>();
const unmissed: string[] = [];
const excused = new Set<string>();
const queue = [...removals];
async function proveNext(): Promise<void> {
  for (let removal = queue.shift(); removal; removal = queue.shift()) {
    const { functionName, statement, what } = removal;
    const name = `${functionName} ${what}`;
    const scenario = await missedBy(removal, policies, steady, players.play);
    const exception = exceptions.find(one => one.permission === name);
    if (scenario !== undefined) missed.set(`${functionName} ${statement}`, scenario);
    else if (exception) excused.add(name);
    else {
      const need =
        needing(removal, steady).length > 0 ? 'asked for, but no outcome differs' : 'never asked for';
      unmissed.push(`${name}: ${need}`);
    }
    const verdict = scenario ?? (exception ? exception.reason : 'NOBODY');
    process.stderr.write(`${name}: ${verdict}\n`);
  }
}
await Promise.all(Array.from({ length: players.count }, proveNext));
players.close();

const statements = Object.entries(policies)
  .filter(([name]) => isMeant(name))
  .flatMap(([name, list]) =>
    list.map(({ actions }, index) => ({ key: `${name} ${index}`, said: `${name}: ${actions.join(', ')}` })),
  );
const open = statements.filter(({ key }) => !missed.has(key)).map(({ said }) => said);
const idle = exceptions
  .map(({ permission }) => permission)
  .filter(permission => isMeant(permission.split(' ')[0] ?? ''))
  .filter(permission => !excused.has(permission));
const lines = (title: string, list: readonly string[]) =>
  [`${title}: ${list.length}`, ...list.map(one => `  ${one}`)].join('\n');
console.log(
  [
    `${names.length} scenarios under the policies of ${Object.keys(policies).length} functions, ${Math.round((performance.now() - startedAt) / 1000)} s`,
    `statements: ${statements.length}, missed when they are taken away: ${missed.size}`,
    `single actions and resources: ${removals.length}, missed: ${removals.length - unmissed.length - excused.size}`,
    lines('statements whose removal nobody misses', open),
    lines('actions and resources whose removal nobody misses', unmissed),
    lines(
      'missed by nobody here, for a reason',
      exceptions.map(({ permission, reason }) => `${permission}: ${reason}`),
    ),
    lines('reasons for what is missed after all', idle),
    lines('asked for without a permission', undeclared(policies, played)),
    lines('scenarios that do not end the same way twice', fickle),
  ].join('\n'),
);
process.exitCode = [open, unmissed, idle, undeclared(policies, played), fickle].some(list => list.length > 0)
  ? 1
  : 0;
