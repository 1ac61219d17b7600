// What the archiver may do: read executions, write records. No state calls it.
import { allow, type Permission } from '../core/step.ts';
import { ledger } from '../handlers/permissions.ts';

/** With the bucket of the archive and the state machines whose executions are archived. */
export const archiverPermissions = (
  bucket: string,
  stateMachines: readonly string[],
  trail: boolean,
): readonly Permission[] => [
  allow(
    ['states:DescribeExecution', 'states:GetExecutionHistory'],
    stateMachines.map(name => `arn:{partition}:states:{region}:{account}:execution:${name}:*`),
  ),
  allow(['s3:PutObject'], [`arn:{partition}:s3:::${bucket}/*`]),
  ledger('Query', 'PutItem'),
  // CloudTrail's event history knows no narrower resource.
  ...(trail
    ? [
        allow(['cloudtrail:LookupEvents'], ['*']),
        allow(['s3:GetObject'], [`arn:{partition}:s3:::${bucket}/*`]),
        ledger('DeleteItem'),
      ]
    : []),
];

/** How often the archiver asks CloudTrail again: it is up to 15 minutes late. */
export const callersSchedule = 'rate(15 minutes)';
