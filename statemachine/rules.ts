// The EventBridge rules of the product, and the function that each of them calls.
import { stateMachineName } from './settings.ts';

export interface Rule {
  readonly name: string;
  /** Names the function, without the prefix of the deployment. */
  readonly calls: string;
  readonly eventPattern?: object;
  readonly scheduleExpression?: string;
}

/** Looks for what the watchdog has missed. */
export const sweepRule: Rule = {
  name: 'service-proxy-sweep',
  calls: 'Sweep',
  scheduleExpression: 'rate(1 hour)',
};

/** Ended, but not in SUCCEEDED: the watchdog looks whether it rolled back by itself. */
export const watchdogRule: Rule = {
  name: 'service-proxy-watchdog',
  calls: 'Watchdog',
  eventPattern: {
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: {
      status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
      stateMachineArn: [{ wildcard: `*:stateMachine:${stateMachineName}` }],
    },
  },
};
