// The archive on the embedded AWS: the same function, told by the same rule, into a bucket of the same account.
import type { Permission, Settings } from '../core/step.ts';
import type { Target } from '../handlers/clients.ts';
import type { BuiltInFunction, EmbeddedAws, RuleSetup } from '../local/embedded.ts';
import { archiverPermissions } from '../statemachine/archiver.ts';
import { stateMachines } from '../statemachine/machines.ts';
import { functionPrefix } from '../statemachine/settings.ts';

export const archiveBucket = 'service-proxy-archive';
const functionName = 'ArchiveExecution';
const name = `${functionPrefix}${functionName}`;

export function archiveRule(stateMachineArns: readonly string[]): RuleSetup {
  return {
    name: `${functionPrefix}archive`,
    eventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: stateMachineArns },
    },
    targets: [{ kind: 'function', name }],
  };
}

/** Loaded when the first execution ends: neither S3 nor the archive costs a run anything before that. */
export function archiverFunction(
  settings: Settings,
  policyOf: (name: string, permissions: readonly Permission[]) => object,
  account: () => Promise<EmbeddedAws>,
): BuiltInFunction {
  let bucket: Promise<void> | undefined;
  return {
    name,
    timeoutSeconds: 120,
    policy: policyOf(
      functionName,
      archiverPermissions(
        archiveBucket,
        stateMachines.map(machine => machine.name),
        settings.trail ?? false,
      ),
    ),
    async invoke(event, { credentials, requestHandler, region, now }) {
      const [{ archiveExecution }, { makeArchiveClients }] = await Promise.all([
        import('../handlers/archive-execution.ts'),
        import('../handlers/archive-clients.ts'),
      ]);
      const endpoint = 'http://embedded.localhost';
      bucket ??= account().then(aws => makeBucket({ ...rootOf(aws), endpoint }));
      await bucket;
      const own = { region, credentials, requestHandler, endpoint };
      return archiveExecution.run(event, makeArchiveClients(settings, own, now));
    },
  };
}

const rootOf = ({ region, credentials, requestHandler }: EmbeddedAws) => ({
  region,
  credentials,
  requestHandler,
});

async function makeBucket(target: Target): Promise<void> {
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client({ ...target, forcePathStyle: true });
  try {
    await s3.send(new CreateBucketCommand({ Bucket: archiveBucket }));
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith('BucketAlready')) throw error;
  }
}
