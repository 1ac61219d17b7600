// Writes what follows from the lists of steps and the input's schema: the committed ASL, the events' schemas, and parts of the README.
import { readFileSync, writeFileSync } from 'node:fs';
import { eventSchemas } from '../core/event-schemas.ts';
import { stateMachines } from './machines.ts';
import { withGeneratedParts } from './readme.ts';

for (const { file, definition } of stateMachines)
  writeFileSync(file, `${JSON.stringify(definition(), null, 2)}\n`);
for (const [name, schema] of Object.entries(eventSchemas))
  writeFileSync(
    new URL(`../docs/events/${name}.json`, import.meta.url),
    `${JSON.stringify(schema, null, 2)}\n`,
  );
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withGeneratedParts(readFileSync(readme, 'utf8')));
