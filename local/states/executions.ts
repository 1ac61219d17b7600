// Executions: started, stopped, redriven, described and listed, and gone on with after a restart.
import type { RedriveExecutionInput, StartExecutionInput, StopExecutionInput } from '@aws-sdk/client-sfn';
import type { Aws } from '../service.ts';
import { checkArn, checkName, executionArn } from './arns.ts';
import { compileDefinition } from './compile.ts';
import type { Definition } from './definition.ts';
import { findExecution, whyNotRedrivable } from './describe-executions.ts';
import { executionExists, invalidInput, notRedrivable, validation } from './errors.ts';
import { type Engine, RunningExecution } from './execution.ts';
import type { CompileExpression } from './expression.ts';
import { dataLimit, isTooLarge } from './json.ts';
import { findMachine, findRevision } from './machines.ts';
import {
  checkpoints,
  countEvents,
  type ExecutionDocument,
  eventKey,
  events,
  executions,
  isExpress,
  machines,
  revisionKey,
} from './records.ts';

const day = 24 * 60 * 60 * 1000;
/** As long as AWS keeps a name taken after its execution has ended. */
const nameKept = 90 * day;

export class Executions {
  readonly #engine: Engine;
  readonly #aws: Aws;
  readonly #compile: CompileExpression;
  readonly #running = new Map<string, RunningExecution>();
  readonly #definitions = new Map<string, Definition>();

  constructor(engine: Engine, compile: CompileExpression) {
    this.#engine = engine;
    this.#aws = engine.aws;
    this.#compile = compile;
  }

  /** The execution once it has ended; at once where it already has. */
  ended(arn: string): Promise<ExecutionDocument> {
    return this.#running.get(arn)?.ended ?? Promise.resolve(findExecution(this.#aws, arn));
  }

  /** Goes on with every execution that was RUNNING when the account was last in use. */
  resume(): void {
    for (const document of executions(this.#aws).values()) {
      if (document.status !== 'RUNNING' || this.#running.has(document.executionArn)) continue;
      const machine = machines(this.#aws).get(document.stateMachineArn);
      // An Express execution is kept nowhere: a restart ends it.
      if (machine && isExpress(machine)) {
        forgetExecution(this.#aws, document);
        continue;
      }
      this.#run(document, countEvents(this.#aws, document.executionArn));
    }
  }

  /** Lets go of what runs; the account keeps it as RUNNING. */
  suspend(): void {
    for (const execution of this.#running.values()) execution.suspend();
  }

  stopAllOf(stateMachineArn: string): void {
    for (const [arn, execution] of this.#running) {
      if (findExecution(this.#aws, arn).stateMachineArn === stateMachineArn) execution.stop();
    }
  }

  /** What an execution runs, compiled once. */
  definitionOf({ stateMachineArn, revisionId }: ExecutionDocument): Definition {
    const key = revisionKey(stateMachineArn, revisionId);
    const { definition: text } = findRevision(this.#aws, stateMachineArn, revisionId);
    const definition = this.#definitions.get(key) ?? compileDefinition(text, this.#compile);
    this.#definitions.set(key, definition);
    return definition;
  }

  #run(document: ExecutionDocument, eventCount: number): void {
    const { executionArn: arn, stateMachineArn, revisionId } = document;
    const revision = findRevision(this.#aws, stateMachineArn, revisionId);
    const definition = this.definitionOf(document);
    const execution = new RunningExecution(this.#engine, document, revision, definition, eventCount);
    this.#running.set(arn, execution);
    execution.ended.then(() => this.#running.delete(arn));
  }

  readonly operations = {
    StartExecution: (given: StartExecutionInput) => {
      const stateMachineArn = checkArn('stateMachineArn', given.stateMachineArn, 'stateMachine');
      const machine = findMachine(this.#aws, stateMachineArn);
      const name = checkName(given.name ?? this.#aws.ids.uuid());
      const input = checkInput(given.input);
      const arn = executionArn(stateMachineArn, name);
      const startDate = this.#aws.clock.now();
      const existing = executions(this.#aws).get(arn);
      if (existing?.status === 'RUNNING' && existing.input === input) {
        return { executionArn: arn, startDate: new Date(existing.startDate) };
      }
      if (existing && (existing.stopDate ?? startDate) + nameKept > startDate) throw executionExists(arn);
      if (existing) forgetExecution(this.#aws, existing);
      const document: ExecutionDocument = {
        executionArn: arn,
        stateMachineArn,
        name,
        revisionId: machine.revisionId,
        status: 'RUNNING',
        startDate,
        input,
        redriveCount: 0,
      };
      executions(this.#aws).set(arn, document);
      this.#engine.onStatus(document);
      this.#run(document, 0);
      return { executionArn: arn, startDate: new Date(startDate) };
    },

    StopExecution: (given: StopExecutionInput) => {
      const arn = checkArn('executionArn', given.executionArn, 'execution');
      const document = findExecution(this.#aws, arn);
      const stopped = this.#running.get(arn)?.stop(given.error, given.cause) ?? document;
      return { stopDate: new Date(stopped.stopDate ?? this.#aws.clock.now()) };
    },

    RedriveExecution: (given: RedriveExecutionInput) => {
      const arn = checkArn('executionArn', given.executionArn, 'execution');
      const document = findExecution(this.#aws, arn);
      const why = whyNotRedrivable(this.#aws, document);
      if (why !== undefined) throw notRedrivable(why);
      const { stopDate: _s, output: _o, error: _e, cause: _c, eventCount = 0, ...rest } = document;
      const redriveDate = this.#aws.clock.now();
      const redriveCount = document.redriveCount + 1;
      const redriven: ExecutionDocument = { ...rest, status: 'RUNNING', redriveCount, redriveDate };
      const id = eventCount + 1;
      const event = {
        timestamp: redriveDate,
        type: 'ExecutionRedriven' as const,
        id,
        previousEventId: eventCount,
        executionRedrivenEventDetails: { redriveCount },
      };
      const checkpoint = checkpoints(this.#aws).get(arn);
      if (checkpoint) checkpoints(this.#aws).set(arn, { ...checkpoint, previousEventId: id });
      executions(this.#aws).set(arn, redriven);
      events(this.#aws).set(eventKey(arn, id), event);
      this.#engine.onEvent(arn, event);
      this.#engine.onStatus(redriven);
      this.#run(redriven, id);
      return { redriveDate: new Date(redriveDate) };
    },
  };
}

/** Takes an execution out of the account, with its history. */
export function forgetExecution(aws: Aws, { executionArn: arn }: ExecutionDocument): void {
  for (let id = countEvents(aws, arn); id > 0; id--) events(aws).delete(eventKey(arn, id));
  checkpoints(aws).delete(arn);
  executions(aws).delete(arn);
}

export function checkInput(input = '{}'): string {
  if (isTooLarge(input)) {
    throw validation(
      `Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${dataLimit}`,
    );
  }
  try {
    JSON.parse(input);
  } catch (thrown) {
    throw invalidInput((thrown as Error).message);
  }
  return input;
}
