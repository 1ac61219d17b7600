// What is mutated, by what it is for, and the tests that have to notice.
export interface Group {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

export const groups: Readonly<Record<string, Group>> = {
  retry: {
    files: [
      'core/errors.ts',
      'statemachine/retriers.ts',
      'handlers/ledger-pace.ts',
      'handlers/ledger-queue.ts',
      'handlers/turns.ts',
    ],
    tests: ['test/core/errors.test.ts', 'test/statemachine/retriers.test.ts', 'test/handlers/pace.test.ts'],
  },
  rollback: {
    files: [
      'handlers/deployments.ts',
      'handlers/drift.ts',
      'handlers/leftovers.ts',
      'handlers/leftovers-of-removal.ts',
      'handlers/making.ts',
      'handlers/methods.ts',
      'handlers/orphans.ts',
      'handlers/recording.ts',
      'handlers/resources.ts',
      'handlers/roles.ts',
      'handlers/sweep.ts',
      'handlers/take-inventory.ts',
      'handlers/take-over.ts',
      'handlers/taking-over.ts',
      'handlers/watchdog.ts',
      'statemachine/rollback-definition.ts',
    ],
    tests: [
      'test/handlers/making.test.ts',
      'test/handlers/recording.test.ts',
      'test/handlers/rollback.test.ts',
      'test/handlers/sweep.test.ts',
      'test/handlers/take-over.test.ts',
      'test/statemachine/definition.test.ts',
    ],
  },
  lock: {
    files: [
      'handlers/acquire-lock.ts',
      'handlers/ledger-line.ts',
      'handlers/ledger-locks.ts',
      'handlers/locks.ts',
    ],
    tests: ['test/handlers/locks.test.ts'],
  },
  ledger: {
    files: [
      'handlers/ledger.ts',
      'handlers/ledger-calls.ts',
      'handlers/ledger-course.ts',
      'handlers/ledger-executions.ts',
      'handlers/ledger-scan.ts',
      'handlers/ledger-table.ts',
      'handlers/ledger-tokens.ts',
    ],
    tests: ['test/handlers/ledger.test.ts'],
  },
};
