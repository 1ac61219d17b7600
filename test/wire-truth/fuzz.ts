// Hostile texts in every template of the catalog: npm run catalog:fuzz -- --all [--values N] [--service NAME]
import { parseArgs } from 'node:util';
import { findOperation, listServices, readService } from '../../catalog/catalog.ts';
import { injections } from './injection.ts';

const { values } = parseArgs({
  options: {
    /** Every operation, instead of every hundredth. */
    all: { type: 'boolean', default: false },
    service: { type: 'string', multiple: true },
    values: { type: 'string', default: '1000' },
  },
});

let operations = 0;
let templates = 0;
let broken = 0;
let index = 0;
for (const service of values.service ?? listServices()) {
  for (const action of Object.keys(readService(service)?.operations ?? {})) {
    index += 1;
    if (!values.all && index % 100 > 0) continue;
    const operation = findOperation(service, action);
    if ('missing' in operation || operation.status === 'rejected') continue;
    const found = injections(operation, Number(values.values));
    operations += 1;
    templates += found.templates;
    if (found.problems.length === 0) continue;
    broken += 1;
    console.log(`${service} ${action}: ${found.problems.length} problems\n  ${found.problems[0]}`);
  }
}
console.log(
  `${templates} templates of ${operations} operations with at least ${values.values} hostile texts each: ${broken} operations broken`,
);
process.exitCode = broken > 0 ? 1 : 0;
