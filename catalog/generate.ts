// Writes services/*.json from AWS's service models: npx tsx catalog/generate.ts --models DIR [--services sns,s3]
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type IndexFile, indexFile } from './catalog.ts';
import { modelledServices, releaseOf } from './model.ts';
import { serviceOfModel, sorted } from './model-service.ts';
import { type ServiceFile, verdictOf } from './service-file.ts';

/** What is needed of all services at once: their names, and how many operations can be exposed. */
function indexOf(directory: string): IndexFile {
  const files = readdirSync(directory)
    .filter(name => name.endsWith('.json') && name !== indexFile)
    .sort()
    .map((name): ServiceFile => JSON.parse(readFileSync(join(directory, name), 'utf8')));
  const services = files.map(file => {
    const verdicts = Object.values(file.operations).map(entry => verdictOf(file, entry));
    const reasons: Record<string, number> = {};
    for (const { status, reason } of verdicts) {
      // What a reason is about follows a colon; the count is of the kind.
      const kind = status === 'verified' ? status : `${status}: ${reason?.split(':')[0]}`;
      reasons[kind] = (reasons[kind] ?? 0) + 1;
    }
    return {
      service: file.service,
      names: file.names,
      protocol: file.protocol,
      operations: verdicts.length,
      derivable: verdicts.filter(({ status }) => status !== 'rejected').length,
      reasons: Object.fromEntries(sorted(reasons)),
    };
  });
  return { models: files[0]?.models ?? '', services };
}

const tables = new Set(['operations', 'shapes', 'services']);

/** One line for each operation and shape, so that a new release of the models can be reviewed. */
function inLines(value: object, depth = 0): string {
  const entries = Object.entries(value).map(([name, one]) => {
    const key = Array.isArray(value) ? '' : `${JSON.stringify(name)}:`;
    return `${key}${depth === 0 && tables.has(name) ? inLines(one, 1) : JSON.stringify(one)}`;
  });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${entries.join(',\n')}\n${close}${depth === 0 ? '\n' : ''}`;
}

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    'models-version': { type: 'string' },
    services: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('./services/', import.meta.url)) },
  },
});
if (!values.models) {
  throw new Error('usage: generate.ts --models DIR [--services sns,s3] [--models-version TEXT] [--out DIR]');
}
const release = values['models-version'] ?? releaseOf(values.models);
if (!release) throw new Error('say which release the models are from with --models-version');
mkdirSync(values.out, { recursive: true });
for (const service of values.services?.split(',') ?? modelledServices(values.models)) {
  const file = await serviceOfModel(values.models, service, release);
  writeFileSync(join(values.out, `${service}.json`), inLines(file));
}
writeFileSync(join(values.out, indexFile), inLines(indexOf(values.out)));
