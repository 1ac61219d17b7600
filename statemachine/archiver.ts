// What the archiver may do: read executions, write records. No state calls it.
import { allow, type Permission } from '../core/step.ts';
import { ledgerRead, ledgerWrite } from '../handlers/permissions.ts';

/** With the bucket of the archive and the state machines whose executions are archived. */
export const archiverPermissions = (
  bucket: string,
  stateMachines: readonly string[],
): readonly Permission[] => [
  allow(
    ['states:DescribeExecution', 'states:GetExecutionHistory'],
    stateMachines.map(name => `arn:{partition}:states:{region}:{account}:execution:${name}:*`),
  ),
  allow(['s3:PutObject'], [`arn:{partition}:s3:::${bucket}/*`]),
  ledgerRead,
  ledgerWrite,
];
