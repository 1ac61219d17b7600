// Writes what follows from the lists of steps and the input's schema: the committed ASL, and parts of the README.
import { readFileSync, writeFileSync } from 'node:fs';
import { definition } from './definition.ts';
import { withGeneratedParts } from './readme.ts';

writeFileSync(
  new URL('./service-proxy.asl.json', import.meta.url),
  `${JSON.stringify(definition(), null, 2)}\n`,
);
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withGeneratedParts(readFileSync(readme, 'utf8')));
