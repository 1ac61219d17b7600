// Provisioning by events as it is deployed: nothing is lost on the way, and nobody may do more than their part.
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionPolicy } from '../../cli/embedded.ts';
import { requestFunctions } from '../../statemachine/requests.ts';
import { functionPrefix } from '../../statemachine/settings.ts';
import { deployedFunctions, synthesise } from './synthesised.ts';

let template: Template;
beforeAll(() => {
  ({ template } = synthesise());
}, 60_000);

const one = <T>(value: readonly T[]) => (value.length === 1 ? value[0] : value);

it('queues requests in their order, twice the same one once, and keeps those that fail', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'service-proxy-requests.fifo',
    FifoQueue: true,
    RedrivePolicy: { maxReceiveCount: 1000, deadLetterTargetArn: Match.anyValue() },
    MessageRetentionPeriod: 14 * 24 * 3600,
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

it('takes requests from any source, and tries for a day to deliver each', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['ServiceProxyRequested'] },
    Targets: [
      Match.objectLike({
        DeadLetterConfig: Match.anyValue(),
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      }),
    ],
  });
});

it('publishes a schema of each event', () => {
  const schemas = Object.values(template.findResources('AWS::EventSchemas::Schema'));
  expect(schemas.map(({ Properties }) => Properties.SchemaName).sort()).toEqual([
    'service-proxy@ServiceProxyProvisioned',
    'service-proxy@ServiceProxyRejected',
    'service-proxy@ServiceProxyRemoved',
    'service-proxy@ServiceProxyRequested',
    'service-proxy@ServiceProxyRollbackIncomplete',
    'service-proxy@ServiceProxyRolledBack',
  ]);
});

it('makes a bus of its own by choice', () => {
  const { template: own } = synthesise({ eventBus: 'provisioning' });
  own.hasResourceProperties('AWS::Events::EventBus', { Name: 'provisioning' });
}, 60_000);

describe.each(requestFunctions('default', functionPrefix).map(called => [called.name, called] as const))(
  'the function %s',
  (name, { permissions }) => {
    it('has the policy that the embedded AWS enforces in every scenario', () => {
      const deployed = deployedFunctions(template).find(made => made.name === `${functionPrefix}${name}`);
      const { Statement } = JSON.parse(JSON.stringify(functionPolicy(permissions)));
      expect(deployed?.policies.State).toEqual(
        Statement.map((statement: Record<string, string[]>) => ({
          ...statement,
          Action: one(statement.Action ?? []),
          Resource: one(statement.Resource ?? []),
        })),
      );
    });
  },
);
