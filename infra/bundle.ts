// Bundles one function's code: the handler minified, the catalog beside it where it is read.
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Functions that plan look operations up. */
const readsCatalog = new Set(['plan-changes', 'acquire-lock']);

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

/** A directory with `index.mjs` and, for a function that plans, `services/*.json`. */
export function bundle(file: string): string {
  const directory = mkdtempSync(join(tmpdir(), `service-proxy-${file}-`));
  buildSync({
    entryPoints: [join(root, 'handlers', `${file}.ts`)],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    // The SDK's ES modules can be shaken: what is left is what the step calls.
    mainFields: ['module', 'main'],
    target: 'node22',
    external: otherCredentials,
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  if (readsCatalog.has(file)) {
    mkdirSync(join(directory, 'services'));
    cpSync(join(root, 'catalog', 'services'), join(directory, 'services'), { recursive: true });
  }
  return directory;
}
