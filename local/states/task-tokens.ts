// Tokens of tasks that wait for a callback, and what SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat do.
import type { SendTaskFailureInput, SendTaskHeartbeatInput, SendTaskSuccessInput } from '@aws-sdk/client-sfn';
import { type Ids, ServiceError } from '../service.ts';
import { StateFailure } from './failure.ts';
import type { Json } from './json.ts';

interface Waiting {
  resolve(output: Json): void;
  reject(failure: StateFailure): void;
  onHeartbeat(): void;
}

const prefix = 'AQC';

export class TaskTokens {
  readonly #ids: Ids;
  readonly #waiting = new Map<string, Waiting>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  issue(): string {
    return `${prefix}${Buffer.from(this.#ids.hex(192)).toString('base64url')}`;
  }

  /** The output the task is sent; rejects with the failure it is sent. */
  async answer(token: string, signal: AbortSignal, onHeartbeat: () => void): Promise<Json> {
    try {
      return await new Promise<Json>((resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        this.#waiting.set(token, { resolve, reject, onHeartbeat });
      });
    } finally {
      this.#waiting.delete(token);
    }
  }

  readonly operations = {
    SendTaskSuccess: ({ taskToken, output }: SendTaskSuccessInput) => {
      this.#find(taskToken).resolve(parseOutput(output));
      return {};
    },
    SendTaskFailure: ({ taskToken, error, cause }: SendTaskFailureInput) => {
      this.#find(taskToken).reject(new StateFailure(error, cause));
      return {};
    },
    SendTaskHeartbeat: ({ taskToken }: SendTaskHeartbeatInput) => {
      this.#find(taskToken).onHeartbeat();
      return {};
    },
  };

  #find(token = ''): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting) return waiting;
    if (!token.startsWith(prefix))
      throw new ServiceError('InvalidToken', 400, "Invalid Token: 'Invalid token'");
    throw new ServiceError('TaskTimedOut', 400, "Task Timed Out: 'Provided task does not exist anymore'");
  }
}

function parseOutput(output = ''): Json {
  try {
    return JSON.parse(output);
  } catch {
    throw new ServiceError('InvalidOutput', 400, 'Invalid Output: the output is not valid JSON');
  }
}
