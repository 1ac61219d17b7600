// The configurations whose templates differ in more than a value.
import type { Configuration } from '../../infra/configuration.ts';

export const kmsKey = 'arn:aws:kms:us-east-1:000000000000:key/12345678-1234-1234-1234-123456789012';

export const variants: Readonly<Record<string, Partial<Configuration>>> = {
  default: {},
  'with a customer managed key': { kmsKey },
  'with a locked archive': { archiveRetentionDays: 400, archiveLockDays: 365 },
  'with a bus of its own': { eventBus: 'provisioning' },
  'with what the account has already': {
    alarmTopic: 'arn:aws:sns:us-east-1:000000000000:alarms',
    permissionsBoundary: 'arn:aws:iam::000000000000:policy/boundary',
    logExecutionData: true,
    deletionProtection: false,
  },
};
