// Events on their way to targets: tried until delivered, or given up and sent to the dead-letter queue.
import { type Aws, ServiceError } from '../service.ts';
import { deliver, type PassOn, sendMessage } from './deliver.ts';
import { type DeliveryDocument, deliveries } from './model.ts';

const day = 24 * 60 * 60;
const longestDelay = 10 * 60_000;

/** Doubles from a second on, as far as ten minutes. */
const delayAfter = (attempts: number) => Math.min(1000 * 2 ** (attempts - 1), longestDelay);

/** What will not change by itself is not tried again: no permission, or no such target. */
const isHopeless = (error: ServiceError) =>
  error.status === 403 ||
  /AccessDenied|DoesNotExist|NotFound|NonExistentQueue|NotImplemented/.test(error.code);

export class Deliveries {
  readonly #aws: Aws;
  readonly #passOn: PassOn;
  readonly #timers = new Map<string, () => void>();
  #isClosed = false;

  constructor(aws: Aws, passOn: PassOn) {
    this.#aws = aws;
    this.#passOn = passOn;
  }

  /** Goes on with what was under way when the account was last in use. */
  resume(): void {
    for (const delivery of deliveries(this.#aws).values()) this.#arm(delivery);
  }

  add(delivery: DeliveryDocument): void {
    if (this.#isClosed) return;
    deliveries(this.#aws).set(delivery.id, delivery);
    this.#arm(delivery);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers.values()) cancel();
  }

  #arm(delivery: DeliveryDocument): void {
    const cancel = this.#aws.clock.schedule(delivery.nextAt, () => {
      this.#timers.delete(delivery.id);
      void this.#attempt(delivery);
    });
    this.#timers.set(delivery.id, cancel);
  }

  async #attempt(delivery: DeliveryDocument): Promise<void> {
    const failure = await deliver(this.#aws, delivery, this.#passOn).then(() => undefined, asServiceError);
    if (this.#isClosed) return;
    if (!failure) {
      deliveries(this.#aws).delete(delivery.id);
      return;
    }
    const attempts = delivery.attempts + 1;
    const nextAt = this.#aws.clock.now() + delayAfter(attempts);
    const exhausted = exhaustion({ ...delivery, attempts, nextAt }, failure);
    if (exhausted === undefined) this.add({ ...delivery, attempts, nextAt });
    else await this.#giveUp({ ...delivery, attempts, nextAt }, failure, exhausted);
  }

  async #giveUp(delivery: DeliveryDocument, failure: ServiceError, exhausted: string): Promise<void> {
    const { ruleArn, target, payload } = delivery;
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn !== undefined) {
      const text = (StringValue: string) => ({ DataType: 'String', StringValue });
      const message = {
        MessageBody: payload,
        MessageAttributes: {
          RULE_ARN: text(ruleArn),
          TARGET_ARN: text(target.Arn ?? ''),
          ERROR_CODE: text(failure.code),
          ERROR_MESSAGE: text(failure.message),
          EXHAUSTED_RETRY_CONDITION: text(exhausted),
          RETRY_ATTEMPTS: { DataType: 'Number', StringValue: String(delivery.attempts - 1) },
        },
      };
      await sendMessage(this.#aws, queueArn, message, ruleArn).catch(error =>
        process.emitWarning(`${ruleArn}: an event was lost, its dead-letter queue did not take it: ${error}`),
      );
    }
    if (!this.#isClosed) deliveries(this.#aws).delete(delivery.id);
  }
}

const asServiceError = (thrown: unknown) =>
  thrown instanceof ServiceError ? thrown : new ServiceError('InternalFailure', 500, String(thrown));

/** Why it is not tried again; undefined while it is. */
function exhaustion(delivery: DeliveryDocument, failure: ServiceError): string | undefined {
  const { target, attempts, createdAt, nextAt } = delivery;
  const { MaximumRetryAttempts = 185, MaximumEventAgeInSeconds = day } = target.RetryPolicy ?? {};
  if (isHopeless(failure)) return 'NonRetryableError';
  if (attempts > MaximumRetryAttempts) return 'MaximumRetryAttempts';
  return nextAt - createdAt > MaximumEventAgeInSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}
