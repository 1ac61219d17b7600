// Progress on standard error: one line that moves on a terminal, plain lines elsewhere.
import { createLogUpdate } from 'log-update';
import type { StateProgress } from './follow.ts';

export interface Progress {
  show(progress: StateProgress): void;
  end(): void;
}

const seconds = (milliseconds: number) =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
const marks = { entered: '…', retried: '↻', failed: '✗', left: '✓' } as const;

/** States of the definition that decide or wait; they say nothing to a person. */
const silent = new Set([
  'IsApprovalNeeded',
  'ProvisionOrRemove',
  'HowDidTheFirstEnd',
  'PauseOrRollBack',
  'RollBack',
  'WhatToDo',
  'IsComplete',
  'Provisioned',
  'Removed',
  'Failed',
  'RemovalFailed',
  'WaitForLock',
  'WaitForLockToRemove',
  'WaitForDeployment',
  'WaitForRedeployment',
]);

function line({ state, phase, durationMs, error }: StateProgress): string {
  const text = `  ${marks[phase]} ${state.padEnd(24)} ${phase === 'entered' ? '' : seconds(durationMs)}`;
  return (error === undefined ? text : `${text.padEnd(40)} ${error}`).trimEnd();
}

export function openProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) {
    return {
      show(progress) {
        if (progress.phase !== 'entered' && !silent.has(progress.state)) stream.write(`${line(progress)}\n`);
      },
      end() {},
    };
  }
  const update = createLogUpdate(stream);
  return {
    show(progress) {
      if (silent.has(progress.state)) return;
      update(line(progress));
      if (progress.phase === 'left' || progress.phase === 'failed') update.done();
    },
    end: () => update.done(),
  };
}
