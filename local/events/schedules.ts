// The rules that are due by the clock.
import type { Aws } from '../service.ts';
import { type RuleDocument, ruleKey, rules } from './model.ts';
import { readSchedule } from './schedule.ts';

export class Schedules {
  readonly #aws: Aws;
  readonly #onDue: (rule: RuleDocument) => void;
  readonly #timers = new Map<string, () => void>();

  constructor(aws: Aws, onDue: (rule: RuleDocument) => void) {
    this.#aws = aws;
    this.#onDue = onDue;
  }

  resume(): void {
    for (const { bus, name } of rules(this.#aws).values()) this.arm(bus, name);
  }

  /** Waits for the rule's next time, instead of the one that it waited for before. */
  arm(bus: string, name: string): void {
    const key = ruleKey(bus, name);
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    const rule = rules(this.#aws).get(key);
    if (rule?.scheduleExpression === undefined || rule.state === 'DISABLED') return;
    const next = readSchedule(rule.scheduleExpression)(this.#aws.clock.now(), rule.createdAt);
    if (next === undefined) return;
    const cancel = this.#aws.clock.schedule(next, () => {
      const due = rules(this.#aws).get(key);
      if (due) this.#onDue(due);
      this.arm(bus, name);
    });
    this.#timers.set(key, cancel);
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
