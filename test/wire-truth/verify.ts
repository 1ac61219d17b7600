// Compares what derived integrations send with what AWS's SDK clients send: npm run catalog:verify -- --all
import { parseArgs } from 'node:util';
import { findOperation, readService } from '../../catalog/catalog.ts';
import type { Operation } from '../../core/operation.ts';
import { checkOperation } from './check.ts';
import { Gateway } from './integration-request.ts';
import { clients, hasCommand } from './sdk-request.ts';
import { allTraits } from './traits.ts';

const { values } = parseArgs({
  options: {
    /** Every operation of every client, instead of every tenth. */
    all: { type: 'boolean', default: false },
    service: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
  },
});

function operationsOf(service: string): Operation[] {
  return Object.keys(readService(service)?.operations ?? {}).flatMap(action => {
    const operation = findOperation(service, action);
    const isKnown =
      !('missing' in operation) && operation.status !== 'rejected' && hasCommand(service, action);
    return isKnown ? [operation] : [];
  });
}

interface Count {
  same: number;
  different: number;
  without: number;
  /** Of those that are the same: with the route's own validation. */
  validated: number;
}

const counts = new Map<string, Count>();
const traits = new Set<string>();
const refusals = new Set<string>();

async function verify(operation: Operation, gateway: Gateway): Promise<void> {
  const count = counts.get(operation.protocol) ?? { same: 0, different: 0, without: 0, validated: 0 };
  counts.set(operation.protocol, count);
  const differences = new Set<string>();
  let compared = 0;
  let isValidated = false;
  for (let round = 0; round < Number(values.rounds); round++) {
    const outcome = await checkOperation(operation, gateway, round);
    if ('skipped' in outcome) continue;
    compared += 1;
    isValidated ||= outcome.isValidated;
    for (const trait of outcome.traits) traits.add(trait);
    for (const one of outcome.differences) differences.add(one);
    for (const one of outcome.refusals) refusals.add(`${operation.service} ${operation.action} ${one}`);
  }
  if (differences.size > 0) {
    count.different += 1;
    console.log(`${operation.service} ${operation.action}\n  ${[...differences].slice(0, 5).join('\n  ')}`);
  } else if (compared === 0) count.without += 1;
  else {
    count.same += 1;
    if (isValidated) count.validated += 1;
  }
}

const gateway = await Gateway.open();
const operations = (values.service ?? Object.keys(clients)).flatMap(operationsOf);
for (const [index, operation] of operations.entries()) {
  if (values.all || index % 10 === 0) await verify(operation, gateway);
}
await gateway.close();

for (const [protocol, { same, validated, different, without }] of counts) {
  console.log(
    `${protocol.padEnd(10)} ${same} operations the same (${validated} through the route's validation), ${different} different, ${without} without an example of a required member`,
  );
}
const unseen = allTraits.filter(trait => !traits.has(trait));
console.log(
  `traits: ${allTraits.length - unseen.length} of ${allTraits.length}${unseen.length > 0 ? `, without ${unseen.join(', ')}` : ''}`,
);
console.log(`members a route cannot take: ${refusals.size}`);
for (const refusal of refusals) console.log(`  ${refusal}`);
process.exitCode = [...counts.values()].some(({ different }) => different > 0) ? 1 : 0;
