// Bundles the functions' code: each handler minified, the catalog beside those that plan.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { allFunctions } from '../statemachine/functions.ts';
import { requestFunctions } from '../statemachine/requests.ts';

/** The code of the functions made from `handlers/FILE.ts`. */
export type FunctionCode = (file: string) => Code;

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'service-proxy-functions');

/** Functions that plan, or check what is to be planned, look operations up. */
const readsCatalog = new Set(['plan-changes', 'acquire-lock', 'receive-request']);

/** Lambda hands a function its credentials in the environment; the ways to get them elsewhere are never loaded. */
const otherCredentials = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients',
  '@smithy/credential-provider-imds',
];

/** Of everything that goes into a bundle: the same sources are bundled once. */
function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['core', 'handlers', 'catalog', 'history']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(ts|json)$/.test(name)) hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  }
  hash
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(readFileSync(fileURLToPath(import.meta.url)));
  return hash.digest('hex').slice(0, 16);
}

function bundleInto(directory: string, files: readonly string[]): void {
  buildSync({
    entryPoints: files.map(file => ({ in: join(root, 'handlers', `${file}.ts`), out: join(file, 'index') })),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    // The SDK's ES modules can be shaken: what is left is what the step calls.
    mainFields: ['module', 'main'],
    target: 'node24',
    external: otherCredentials,
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  for (const file of files.filter(one => readsCatalog.has(one))) {
    cpSync(join(root, 'catalog', 'services'), join(directory, file, 'services'), { recursive: true });
  }
}

/** A directory with one for each handler file: `index.mjs` and, for a function that plans, `services/*.json`. */
export function bundleFunctions(): string {
  const directory = join(cache, sourceHash());
  if (existsSync(directory)) return directory;
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  const called = [...allFunctions(), ...requestFunctions('', '')].map(({ file }) => file);
  bundleInto(unfinished, [...new Set([...called, 'archive-execution'])]);
  try {
    renameSync(unfinished, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error; // another process was faster
  }
  return directory;
}

export function bundledCode(): FunctionCode {
  const directory = bundleFunctions();
  return file => Code.fromAsset(join(directory, file));
}
