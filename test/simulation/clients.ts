// The clients of a simulated function: every call takes its time, meets its fault, and is written into the trace.
import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { isMutating, type RecordedCall } from '../../core/recorded-call.ts';
import type { Clients, HttpRequest, HttpResponse, Settings } from '../../core/step.ts';
import type { FunctionEnvironment } from '../../local/built-in-functions.ts';
import type { Clock } from '../../local/clock.ts';
import type { DirectCall } from '../../local/direct-call.ts';
import { answerOf, type FaultKind, type MeetFault, requestTimeout, takesEffect } from './faults.ts';
import type { Random } from './random.ts';
import { brokenConnection, sdkError } from './sdk-errors.ts';

export interface CallTrace {
  readonly at: number;
  readonly execution: string;
  readonly in: string;
  readonly call: string;
  readonly on: string;
  readonly fault?: FaultKind;
  readonly answer: string;
}

export interface SimulatedCalls {
  readonly clock: Clock;
  readonly random: Random;
  readonly meet: MeetFault;
  readonly perform: DirectCall;
  /** As `perform`, reading what was there some seconds ago. */
  readonly performStale: DirectCall;
  readonly note: (call: CallTrace) => void;
}

/** AWS answers a control-plane call within some tenths of a second. */
const latency = (random: Random) => 20 + Math.floor(random() * 180);

/** How late a call arrives that was thought lost, in milliseconds: seconds, up to what a rollback waits for. */
const lateness = (random: Random) => 500 + Math.floor(random() * 20_000);

const killed = () =>
  Object.assign(new Error('Runtime exited with error: signal: killed'), { name: 'Runtime.ExitError' });

/** As over the wire: what is undefined is left out, and nothing is shared between caller and account. */
function copied<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copied) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array)
    return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) copy[key] = copied(value[key]);
  return copy as T;
}

const subject = (input: Readonly<Record<string, unknown>>) => {
  const { Key, Item, RoleName, name, pathPart, httpMethod, stageName, restApiId } = input as Record<
    string,
    never
  >;
  const key = (Key ?? Item) as { pk?: { S: string }; sk?: { S: string } } | undefined;
  const named = key ? [key.pk?.S, key.sk?.S] : [restApiId, RoleName, name, pathPart, httpMethod, stageName];
  return named.filter(one => one !== undefined).join(' ');
};

const never = () => new Promise<never>(() => {});

type Environment = Pick<FunctionEnvironment, 'credentials' | 'http' | 'signal'>;

export class SimulatedFunction {
  readonly #calls: SimulatedCalls;
  readonly #name: string;
  readonly #execution: string;
  readonly #environment: Environment;
  #kill: (error: Error) => void = () => {};
  #isKilled = false;
  readonly #recorded: RecordedCall[] = [];
  /** Rejects when the process of the function is killed. */
  readonly killed: Promise<never>;

  constructor(calls: SimulatedCalls, name: string, execution: string, environment: Environment) {
    this.#calls = calls;
    this.#name = name;
    this.#execution = execution;
    this.#environment = environment;
    this.killed = new Promise((_, reject) => {
      this.#kill = reject;
    });
    this.killed.catch(() => {});
  }

  async #call(
    call: string,
    on: string,
    service: string,
    work: (isStale: boolean) => Promise<unknown>,
  ): Promise<unknown> {
    const { clock, random, meet, note } = this.#calls;
    if (this.#isKilled || this.#environment.signal.aborted) return never();
    await clock.sleep(latency(random));
    if (this.#isKilled || this.#environment.signal.aborted) return never();
    const fault = meet(this.#name, call);
    const done = (answer: string) =>
      note({
        at: clock.now(),
        execution: this.#execution,
        in: this.#name,
        call,
        on,
        answer,
        ...(fault && { fault }),
      });
    let output: unknown;
    let failure: unknown;
    if (!fault || takesEffect(fault)) {
      try {
        output = copied(await work(fault === 'stale'));
      } catch (thrown) {
        failure = sdkError(service, thrown);
      }
    }
    if (fault === 'lateDuplicate' || fault === 'lateEffect')
      void clock
        .sleep(lateness(random))
        .then(() => work(false))
        .catch(() => {});
    if (fault === 'killBefore' || fault === 'killAfter') {
      done('killed');
      this.#isKilled = true;
      this.#kill(killed());
      return never();
    }
    if (fault === 'noAnswerBefore' || fault === 'noAnswerAfter' || fault === 'lateEffect')
      await clock.sleep(requestTimeout);
    const spoilt =
      fault && (takesEffect(fault) ? (failure ?? answerOf(fault, service)) : answerOf(fault, service));
    const thrown = spoilt ?? failure;
    done(thrown instanceof Error ? thrown.name : 'ok');
    if (thrown !== undefined) throw thrown;
    return output;
  }

  async #record(service: string, operation: string, answered: Promise<unknown>): Promise<unknown> {
    const call = { at: new Date(this.#calls.clock.now()).toISOString(), service, operation };
    try {
      const output = await answered;
      this.#recorded.push({ ...call, status: 200 });
      return output;
    } catch (error) {
      this.#recorded.push({ ...call, error: error instanceof Error ? error.name : 'UnknownError' });
      throw error;
    }
  }

  clients(settings: Settings): Clients {
    const { perform, performStale, clock } = this.#calls;
    const { credentials, http } = this.#environment;
    const clientOf = (service: string) =>
      ({
        send: (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
          const operation = command.constructor.name.replace(/Command$/, '');
          const input = copied(command.input);
          const answered = this.#call(`${service}:${operation}`, subject(input), service, isStale =>
            (isStale ? performStale : perform)(service, operation, input, credentials),
          );
          return isMutating(operation) ? this.#record(service, operation, answered) : answered;
        },
      }) as unknown;
    const send = (request: HttpRequest) =>
      this.#call('execute-api:Invoke', new URL(request.url).pathname, 'execute-api', () =>
        http(request),
      ).catch(thrown => {
        throw thrown instanceof Error ? thrown : brokenConnection();
      }) as Promise<HttpResponse>;
    const clients: Clients = {
      apigateway: clientOf('apigateway') as APIGatewayClient,
      iam: clientOf('iam') as Clients['iam'],
      dynamodb: clientOf('dynamodb') as Clients['dynamodb'],
      sfn: clientOf('states') as Clients['sfn'],
      http: request => send(request),
      now: () => clock.now(),
      settings,
      calls: this.#recorded,
      at: () => clients,
    };
    return clients;
  }
}
