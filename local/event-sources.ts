// Lambda's event source mappings: what is in a queue is handed to a function, and deleted once that has taken it.
import { callJson } from './call.ts';
import { rootCredentials } from './credentials.ts';
import type { Aws } from './service.ts';

export interface EventSourceSetup {
  readonly queue: string;
  readonly function: string;
  /** When a message that the function could not take is handed to it again. */
  readonly retryAfterSeconds: number;
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** Polls only when something was sent, and while something is waiting: an idle account does nothing. */
export class EventSources {
  readonly #aws: Aws;
  readonly #setups: readonly EventSourceSetup[];
  readonly #roleOf: (functionName: string) => string;
  readonly #polling = new Map<EventSourceSetup, { again: boolean }>();
  readonly #timers = new Set<() => void>();
  #isClosed = false;

  constructor(aws: Aws, setups: readonly EventSourceSetup[], roleOf: (functionName: string) => string) {
    this.#aws = aws;
    this.#setups = setups;
    this.#roleOf = roleOf;
  }

  poll(): void {
    for (const setup of this.#setups) this.#start(setup);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
  }

  #start(setup: EventSourceSetup): void {
    if (this.#isClosed) return;
    const polling = this.#polling.get(setup);
    if (polling) {
      polling.again = true;
      return;
    }
    const started = { again: false };
    this.#polling.set(setup, started);
    const release = this.#aws.clock.hold();
    this.#drain(setup)
      .catch(error => {
        if (!this.#isClosed) process.emitWarning(`${setup.queue} to ${setup.function}: ${error}`);
      })
      .finally(() => {
        release();
        this.#polling.delete(setup);
        if (started.again) this.#start(setup);
      });
  }

  async #drain(setup: EventSourceSetup): Promise<void> {
    const { region, account } = this.#aws;
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${setup.queue}`;
    const receive = { QueueUrl, MaxNumberOfMessages: 1, AttributeNames: ['All'] };
    while (!this.#isClosed) {
      const credentials = this.#aws.assumeRole(
        this.#roleOf(setup.function),
        'lambda.amazonaws.com',
        setup.function,
      );
      const { Messages } = await callJson(this.#aws, credentials, 'sqs', 'ReceiveMessage', receive);
      const [message] = (Messages ?? []) as readonly Message[];
      if (!message) return;
      const { ReceiptHandle } = message;
      if (await this.#hand(setup, message)) {
        await callJson(this.#aws, credentials, 'sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
      } else this.#releaseLater(setup, QueueUrl, ReceiptHandle);
    }
  }

  /** Whether the function has taken the message. */
  async #hand({ queue, function: name }: EventSourceSetup, message: Message): Promise<boolean> {
    const { partition, region, account } = this.#aws;
    const record = {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: {},
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:${partition}:sqs:${region}:${account}:${queue}`,
      awsRegion: region,
    };
    const { functionError, payload } = await this.#aws.invokeFunction({
      functionArn: `arn:${partition}:lambda:${region}:${account}:function:${name}`,
      payload: Buffer.from(JSON.stringify({ Records: [record] })),
      as: rootCredentials,
    });
    if (functionError !== undefined) return false;
    const answer = JSON.parse(Buffer.from(payload).toString() || 'null') as {
      readonly batchItemFailures?: readonly unknown[];
    } | null;
    return (answer?.batchItemFailures ?? []).length === 0;
  }

  /** The end of its time-out by the account's clock, which the queue itself does not know: no call of the function's role. */
  #releaseLater(setup: EventSourceSetup, QueueUrl: string, ReceiptHandle: string): void {
    const at = this.#aws.clock.now() + setup.retryAfterSeconds * 1000;
    const cancel = this.#aws.clock.schedule(at, () => {
      this.#timers.delete(cancel);
      const visible = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
      const release = this.#aws.clock.hold();
      callJson(this.#aws, rootCredentials, 'sqs', 'ChangeMessageVisibility', visible)
        // Its time in the queue may be over: then there is nothing to hand out any more.
        .catch(() => {})
        .finally(() => {
          release();
          this.#start(setup);
        });
    });
    this.#timers.add(cancel);
  }
}
