// Compiles the command line from its TypeScript sources, and keeps the result for as long as they stay as they are.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['catalog', 'cli', 'core', 'handlers', 'history', 'local', 'statemachine'];
const cache = join(root, 'node_modules', '.cache', 'service-proxy');

/** Packages that read files of their own at run time: these stay where they are. */
const notBundled = /^(?:fauxqs|dynalite|kinesalite)(?:\/|$)/;

/** What the result depends on, and where: a checkout that moved is compiled anew. */
function fingerprint() {
  const hash = createHash('sha256').update(root);
  const add = path => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  add('package-lock.json');
  const visit = folder => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (/\.m?ts$|\.mjs$/.test(entry.name)) add(path);
    }
  };
  for (const folder of sources) visit(folder);
  return hash.digest('hex').slice(0, 32);
}

/** Sources find the files beside them by `import.meta.url`, which must go on naming the source. */
const inPlace = {
  name: 'in-place',
  setup(build) {
    build.onResolve({ filter: notBundled }, ({ path }) => ({
      path: import.meta.resolve(path),
      external: true,
    }));
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

async function compile(directory) {
  const { build, stop } = await import('esbuild');
  await build({
    entryPoints: [join(root, 'cli', 'main.ts')],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // A CommonJS module that is imported late would come without its named exports.
    mainFields: ['module', 'main'],
    logLevel: 'error',
    plugins: [inPlace],
    // For the CommonJS packages inside.
    banner: {
      js: `import { createRequire as requireFor } from 'node:module'; const require = requireFor(${JSON.stringify(pathToFileURL(import.meta.filename).href)});`,
    },
  });
  await stop();
}

/** Results of earlier sources; a younger one may still be in use by a process that loads parts of it late. */
function removeOld(now) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const madeAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - madeAt > 24 * 60 * 60 * 1000) rmSync(path, { recursive: true, force: true });
  }
}

function isThere(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Where a result for this process alone goes, for a checkout that nobody may write to. */
function privateDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'service-proxy-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** URL of the compiled `cli/main.ts`. */
export async function compiledMain() {
  const directory = join(cache, fingerprint());
  if (!isThere(directory)) {
    const beside = `${directory}.${process.pid}`;
    try {
      mkdirSync(beside, { recursive: true });
    } catch {
      const own = privateDirectory();
      await compile(own);
      return pathToFileURL(join(own, 'main.mjs')).href;
    }
    await compile(beside);
    try {
      renameSync(beside, directory); // whole or not at all, whoever else compiles the same
    } catch (error) {
      rmSync(beside, { recursive: true, force: true });
      if (!isThere(directory)) throw error;
    }
    removeOld(Date.now());
  }
  return pathToFileURL(join(directory, 'main.mjs')).href;
}
