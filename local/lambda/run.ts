// Runs a function once, within its time: a built-in one in this process, another in a thread of its own.
import type { BuiltInFunction, FunctionEnvironment } from '../built-in-functions.ts';
import { rootCredentials } from '../credentials.ts';
import { findRole, findRoleByArn } from '../iam/model.ts';
import type { Aws, Credentials } from '../service.ts';
import { type FoundFunction, isBuiltIn } from './find.ts';
import type { FunctionDocument } from './model.ts';
import { exited, failure, type Outcome, success, timedOut } from './results.ts';
import { Threads } from './threads.ts';

export type EnvironmentFor = (credentials: Credentials, signal: AbortSignal) => FunctionEnvironment;

const timeUp = new Error('time-out');

export class Runner {
  readonly #aws: Aws;
  readonly #environmentFor: EnvironmentFor;
  readonly #threads = new Map<string, Threads>();
  readonly #closing = new AbortController();
  readonly #running = new Set<AbortController>();

  constructor(aws: Aws, environmentFor: EnvironmentFor) {
    this.#aws = aws;
    this.#environmentFor = environmentFor;
  }

  /** Aborted when the service closes. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  async run({ arn, code }: FoundFunction, event: string, requestId: string): Promise<Outcome> {
    const { clock } = this.#aws;
    const milliseconds = code.timeoutSeconds * 1000;
    this.closing.throwIfAborted();
    const end = new AbortController();
    const { signal } = end;
    this.#running.add(end);
    const cancel = clock.schedule(clock.now() + milliseconds, () => end.abort(timeUp));
    try {
      if (isBuiltIn(code)) return await this.#runBuiltIn(code, event, signal);
      return await this.#runThread(code, arn, event, requestId, milliseconds, signal);
    } catch (thrown) {
      if (signal.reason === timeUp) return timedOut(requestId, code.timeoutSeconds);
      throw thrown;
    } finally {
      cancel();
      this.#running.delete(end);
    }
  }

  /** Later invocations see the function as it is now; those under way end on what they began with. */
  forget(name: string): void {
    const threads = this.#threads.get(name);
    this.#threads.delete(name);
    threads?.retire();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the embedded AWS is closed'));
    for (const end of this.#running) end.abort(this.closing.reason);
    const all = [...this.#threads.values()];
    this.#threads.clear();
    await Promise.all(all.map(threads => threads.close()));
  }

  async #runBuiltIn(code: BuiltInFunction, event: string, signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    const environment = this.#environmentFor(
      this.#credentialsOf(findRole(this.#aws, code.name)?.arn),
      signal,
    );
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    aborted.catch(() => {});
    const invoke = async () =>
      success(JSON.stringify(await code.invoke(JSON.parse(event), environment)) ?? 'null');
    const result = invoke().catch((thrown: unknown) => failure(failureOf(thrown)));
    return Promise.race([aborted, result]);
  }

  async #runThread(
    document: FunctionDocument,
    arn: string,
    event: string,
    requestId: string,
    remaining: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { name } = document;
    const { clock } = this.#aws;
    const threads = this.#threads.get(name) ?? new Threads(document);
    this.#threads.set(name, threads);
    const credentials = this.#credentialsOf(document.roleArn);
    const logStream = `[$LATEST]${document.revisionId.replaceAll('-', '')}`;
    const context = {
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: String(document.memorySize),
      awsRequestId: requestId,
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: logStream,
    };
    const request = { event, context, environment: credentialVariables(credentials), remaining };
    const variables = this.#variablesOf(document, threads.taskRoot, credentials);
    // A thread lives in the machine's own time: until its time is up there, it has not come to this clock's time-out.
    const release = clock.hold(remaining);
    const answer = await threads.run(request, variables, signal).finally(release);
    if ('exitCode' in answer) return exited(requestId, answer.exitCode);
    return 'payload' in answer ? success(answer.payload, answer.log) : failure(answer.failure, answer.log);
  }

  /** A role that the account does not know stands for its root user. */
  #credentialsOf(roleArn: string | undefined): Credentials {
    if (roleArn === undefined || !findRoleByArn(this.#aws, roleArn)) return rootCredentials;
    const sessionName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    return this.#aws.assumeRole(roleArn, 'lambda.amazonaws.com', sessionName);
  }

  #variablesOf(document: FunctionDocument, taskRoot: string, credentials: Credentials) {
    const { region } = this.#aws;
    const { origin, hostname } = new URL(this.#environmentFor(credentials, this.closing).invokeUrl);
    return {
      PATH: process.env.PATH ?? '',
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: document.handler,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${document.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: document.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(document.memorySize),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      // Where the account can be reached over a port, the function's SDK clients reach it there.
      ...(hostname !== 'embedded.localhost' && { AWS_ENDPOINT_URL: origin }),
      ...document.environment,
    };
  }
}

const credentialVariables = ({ accessKeyId, secretAccessKey, sessionToken = '' }: Credentials) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
});

/** Without a trace: it would tell where this process keeps its files. */
function failureOf(thrown: unknown) {
  const isError = thrown instanceof Error;
  const errorType = isError ? thrown.name : typeof thrown;
  return { errorType, errorMessage: isError ? thrown.message : String(thrown), trace: [] };
}
