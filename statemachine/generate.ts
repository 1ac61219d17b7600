// Writes the committed ASL from the lists of steps: npm run generate:asl
import { writeFileSync } from 'node:fs';
import { definition } from './definition.ts';

const file = new URL('./service-proxy.asl.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(definition(), null, 2)}\n`);
