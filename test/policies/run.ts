// `npm run prove:policies`: takes every permission away, one at a time, and lists those that no scenario misses.
import { missedBy, needing, playAll } from './prove.ts';
import { removalsOf, synthesisedPolicies } from './removals.ts';

const policies = synthesisedPolicies();
const played = await playAll(policies);
const removals = removalsOf(policies);
const proven = new Set<string>();
const unmissed: string[] = [];
for (const removal of removals) {
  const { functionName, statement, what } = removal;
  const scenario = await missedBy(removal, policies, played);
  const asked = needing(removal, played).length > 0 ? 'asked for, but no outcome differs' : 'never asked for';
  if (scenario) proven.add(`${functionName} ${statement}`);
  else unmissed.push(`${functionName}, statement ${statement}: ${what}: ${asked}`);
  process.stderr.write(
    `${scenario ? 'missed  ' : 'UNMISSED'} ${functionName} ${what}: ${scenario?.name ?? asked}\n`,
  );
}
const statements = Object.entries(policies).flatMap(([name, list]) =>
  list.map((_, index) => `${name} ${index}`),
);
const open = statements.filter(statement => !proven.has(statement));
console.log(
  [
    `${played.length} scenarios, ${statements.length} statements, ${removals.length} actions and resources taken away one at a time`,
    `statements whose removal no scenario misses: ${open.length}${open.map(one => `\n  ${one}`).join('')}`,
    `actions and resources whose removal no scenario misses: ${unmissed.length}${unmissed.map(one => `\n  ${one}`).join('')}`,
  ].join('\n'),
);
process.exitCode = open.length > 0 ? 1 : 0;
