// The execution environments of one function: threads that stay warm, each with one event at a time.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FunctionDocument } from './model.ts';
import { unzip } from './zip.ts';

/** What a thread is asked; `runtime.mjs` reads it. */
export interface ThreadRequest {
  /** JSON text. */
  readonly event: string;
  readonly context: Readonly<Record<string, string>>;
  /** The credentials of this invocation, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds until the time-out. */
  readonly remaining: number;
}

type ThreadAnswer =
  | { readonly payload: string; readonly log: string }
  | { readonly failure: string; readonly log: string }
  | { readonly exitCode: number };

const runtime = new URL('runtime.mjs', import.meta.url);
const projectModules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const mostWarm = 4;

export class Threads {
  readonly #document: FunctionDocument;
  readonly #folder: string;
  readonly #warm: Worker[] = [];
  readonly #all = new Set<Worker>();
  #closed = false;

  constructor(document: FunctionDocument) {
    this.#document = document;
    this.#folder = mkdtempSync(join(tmpdir(), 'service-proxy-function-'));
    for (const { path, content } of unzip(Buffer.from(document.code, 'base64'))) {
      const file = join(this.taskRoot, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    // Lambda's Node.js runtimes come with the AWS SDK.
    mkdirSync(join(this.#folder, 'node_modules'));
    for (const scope of ['@aws-sdk', '@smithy']) {
      symlinkSync(join(projectModules, scope), join(this.#folder, 'node_modules', scope), 'junction');
    }
  }

  get taskRoot() {
    return join(this.#folder, 'task');
  }

  /** `signal` ends the thread, as a time-out does; then nothing is answered but the signal's reason. */
  run(request: ThreadRequest, environment: Readonly<Record<string, string>>, signal: AbortSignal) {
    return new Promise<ThreadAnswer>((resolve, reject) => {
      const thread = this.#warm.pop() ?? this.#start(environment);
      thread.ref();
      const settle = (isWarm: boolean) => {
        thread.removeAllListeners();
        signal.removeEventListener('abort', onAbort);
        thread.on('error', () => {});
        thread.on('exit', () => this.#forget(thread));
        if (isWarm) this.#keep(thread);
        else void thread.terminate();
      };
      const onAbort = () => {
        settle(false);
        reject(signal.reason);
      };
      thread.removeAllListeners();
      thread.on('message', (answer: ThreadAnswer) => {
        settle(true);
        resolve(answer);
      });
      const onEnd = (exitCode: number) => {
        settle(false);
        this.#forget(thread);
        resolve({ exitCode });
      };
      thread.on('error', () => onEnd(1));
      thread.on('exit', onEnd);
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      thread.postMessage(request);
    });
  }

  /** Ends once the events under way are answered. */
  retire(): void {
    this.#closed = true;
    for (const thread of this.#warm.splice(0)) void thread.terminate();
    if (this.#all.size === 0) this.#clear();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map(thread => thread.terminate()));
    this.#clear();
  }

  #clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(environment: Readonly<Record<string, string>>): Worker {
    const { handler, memorySize } = this.#document;
    const thread = new Worker(runtime, {
      workerData: { taskRoot: this.taskRoot, handlerName: handler },
      env: { ...environment },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memorySize },
    });
    this.#all.add(thread);
    return thread;
  }

  #keep(thread: Worker): void {
    if (this.#closed || this.#warm.length >= mostWarm) {
      void thread.terminate();
      return;
    }
    thread.unref();
    this.#warm.push(thread);
  }

  #forget(thread: Worker): void {
    this.#all.delete(thread);
    const index = this.#warm.indexOf(thread);
    if (index >= 0) this.#warm.splice(index, 1);
    if (this.#closed && this.#all.size === 0) this.#clear();
  }
}
