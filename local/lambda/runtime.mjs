// What runs in a function's own thread: loads its handler and answers one event at a time, as Lambda's Node.js runtime.
// Plain JavaScript, because a thread starts without the loader that reads TypeScript.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';

const { taskRoot, handlerName } = workerData;
let log = [];
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, done) => {
    log.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) queueMicrotask(callback);
    return true;
  };
}

/** Where the code runs is our own affair: traces show it where Lambda puts it. */
const shown = text =>
  text
    .replaceAll(pathToFileURL(taskRoot).href, 'file:///var/task')
    .replaceAll(taskRoot, '/var/task')
    .replaceAll(import.meta.url, 'file:///var/runtime/index.mjs');

function failureOf(thrown, errorType) {
  if (types.isNativeError(thrown) || thrown instanceof Error) {
    const { name, message, stack } = thrown;
    return {
      errorType: errorType ?? name,
      errorMessage: shown(String(message)),
      trace: shown(String(stack)).split('\n'),
    };
  }
  return { errorType: errorType ?? typeof thrown, errorMessage: String(thrown), trace: [] };
}

class RuntimeFailure extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

async function loadHandler() {
  const [, folder, module, exported] = /^(.*\/)?([^./]+)\.(.+)$/.exec(handlerName) ?? [];
  if (!module || !exported) throw new RuntimeFailure('Runtime.MalformedHandlerName', 'Bad handler');
  const base = join(taskRoot, folder ?? '', module);
  const file = ['.js', '.mjs', '.cjs'].map(extension => base + extension).find(path => existsSync(path));
  if (!file) {
    const message = `Error: Cannot find module '${module}'\nRequire stack:\n- /var/runtime/index.mjs`;
    throw new RuntimeFailure('Runtime.ImportModuleError', message);
  }
  const found = exported.split('.').reduce((value, name) => value?.[name], await loadModule(file));
  if (found === undefined) {
    throw new RuntimeFailure('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  }
  if (typeof found !== 'function') {
    throw new RuntimeFailure('Runtime.HandlerNotFound', `${handlerName} is not a function`);
  }
  return found;
}

/** `import` reads either kind of module; a CommonJS one that it does not see through comes from `require`. */
async function loadModule(file) {
  try {
    const namespace = await import(pathToFileURL(file).href);
    const isCommonJs = 'module.exports' in namespace || createRequire(file).cache[file] !== undefined;
    return isCommonJs ? createRequire(file)(file) : namespace;
  } catch (thrown) {
    const name = thrown instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : undefined;
    const isMissing = thrown?.code === 'ERR_MODULE_NOT_FOUND' || thrown?.code === 'MODULE_NOT_FOUND';
    if (name === undefined && !isMissing) throw thrown;
    throw new RuntimeFailure(name ?? 'Runtime.ImportModuleError', `${thrown.name}: ${shown(thrown.message)}`);
  }
}

function contextOf({ context, deadline }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    ...context,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}

/** Resolves with what the handler returns, or hands to its callback when it takes one and returns no promise. */
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) =>
      error === null || error === undefined ? resolve(result) : reject(error);
    const returned = handler(event, context, callback);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
}

const handler = loadHandler().then(
  loaded => ({ loaded }),
  failure => ({ failure }),
);
let current;
const answer = content => {
  if (!current) return;
  current = undefined;
  parentPort.postMessage({ ...content, log: log.join('') });
  log = [];
};
const fail = failure => {
  log.push(`ERROR\tInvoke Error\t${JSON.stringify(failure)}\n`);
  answer({ failure: JSON.stringify(failure) });
};
process.on('unhandledRejection', reason => {
  fail(failureOf(reason, 'Runtime.UnhandledPromiseRejection'));
  process.exit(128);
});
process.on('uncaughtException', thrown => {
  fail(failureOf(thrown));
  process.exit(129);
});

parentPort.on('message', async request => {
  current = request;
  Object.assign(process.env, request.environment);
  const { loaded, failure } = await handler;
  if (failure) return fail(failureOf(failure));
  const deadline = performance.now() + request.remaining;
  try {
    const result = await run(
      loaded,
      JSON.parse(request.event),
      contextOf({ context: request.context, deadline }),
    );
    if (current === request) answer({ payload: JSON.stringify(result) ?? 'null' });
  } catch (thrown) {
    if (current === request) fail(failureOf(thrown));
  }
});
