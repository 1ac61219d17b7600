// The stack around the functions: state machine, ledger, boundary, alarms.
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { findOperation, listServices, readService } from '../../catalog/catalog.ts';
import { matchesWildcard } from '../../local/iam/wildcard.ts';
import { boundaryDocument } from '../../statemachine/boundary.ts';
import { stateMachines } from '../../statemachine/machines.ts';
import { deniedActions } from '../../statemachine/settings.ts';
import { synthesise } from './synthesised.ts';

let template: Template;
beforeAll(() => {
  ({ template } = synthesise());
}, 60_000);

const propertiesOf = (type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

interface Machine {
  readonly DefinitionString: string;
  readonly DefinitionSubstitutions: Readonly<Record<string, { readonly Ref: string }>>;
}
const machinesOf = (name: string) =>
  propertiesOf('AWS::StepFunctions::StateMachine').filter(
    ({ StateMachineName }) => StateMachineName === name,
  ) as [Machine];

describe('the state machine', () => {
  it('is Standard, traced, and logs everything but execution data', () => {
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
    });
  });

  it.each(stateMachines)('$name is its committed definition', ({ name, definition }) => {
    const [{ DefinitionString }] = machinesOf(name);
    expect(JSON.parse(DefinitionString)).toEqual(definition());
  });

  it.each(stateMachines)(
    '$name calls versions of functions, so that running executions finish on theirs',
    ({ name, definition }) => {
      const [{ DefinitionSubstitutions }] = machinesOf(name);
      const versions = template.findResources('AWS::Lambda::Version', { DeletionPolicy: 'Retain' });
      for (const { Ref } of Object.values(DefinitionSubstitutions)) expect(versions).toHaveProperty(Ref);
      const called = [...JSON.stringify(definition()).matchAll(/\$\{(\w+)\}/g)].map(([, state]) => state);
      expect(Object.keys(DefinitionSubstitutions).sort()).toEqual([...new Set(called)].sort());
    },
  );

  it('has a version for each revision, and an alias that callers keep', () => {
    template.hasResource('AWS::StepFunctions::StateMachineVersion', { UpdateReplacePolicy: 'Retain' });
    template.hasResourceProperties('AWS::StepFunctions::StateMachineAlias', { Name: 'live' });
  });
});

it('leaves nothing behind but the ledger, the archive, and versions, which go with what they are versions of', () => {
  const resources: Record<string, { Type: string; DeletionPolicy?: string }> = template.toJSON().Resources;
  const kept = Object.values(resources).filter(({ DeletionPolicy: policy }) => policy && policy !== 'Delete');
  expect([...new Set(kept.map(({ Type }) => Type))].sort()).toEqual([
    'AWS::DynamoDB::Table',
    'AWS::Lambda::Version',
    'AWS::S3::Bucket',
    'AWS::StepFunctions::StateMachineVersion',
  ]);
});

describe('the ledger', () => {
  it('outlives the stack, is protected, and can be restored to any point in time', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    });
  });
});

describe('the boundary', () => {
  const denies = (action: string) =>
    (
      boundaryDocument({ deny: deniedActions }) as { Statement: { Effect: string; Action: string[] }[] }
    ).Statement.filter(({ Effect }) => Effect === 'Deny').some(({ Action }) =>
      Action.some(pattern => matchesWildcard(pattern.toLowerCase(), action.toLowerCase())),
    );

  it('denies every action of every operation that the deny list refuses', () => {
    const isDenied = (name: string) =>
      deniedActions.some(pattern => matchesWildcard(pattern.toLowerCase(), name.toLowerCase()));
    const open: string[] = [];
    for (const service of listServices()) {
      for (const action of Object.keys(readService(service)?.operations ?? {})) {
        if (!isDenied(`${service}:${action}`)) continue;
        const found = findOperation(service, action);
        if (!('iam' in found)) continue;
        open.push(...found.iam.actions.filter(one => !denies(one)).map(one => `${service}:${action} ${one}`));
      }
    }
    expect(open).toEqual([]);
  });

  it('keeps routes within the accounts and regions of the configuration', () => {
    const { Statement } = boundaryDocument({
      deny: [],
      accounts: ['111122223333'],
      regions: ['eu-west-1'],
    }) as { Statement: object[] };
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: {
          StringNotEquals: { 'aws:ResourceAccount': ['111122223333'] },
          Null: { 'aws:ResourceAccount': 'false' },
        },
      }),
    );
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: {
          StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] },
          Null: { 'aws:RequestedRegion': 'false' },
        },
      }),
    );
  });

  it('leaves room for more in a managed policy', () => {
    expect(JSON.stringify(boundaryDocument({ deny: deniedActions })).length).toBeLessThan(6144 / 2);
  });
});

describe('the watchdog', () => {
  it('is told of every execution that did not succeed, and nothing it is told gets lost', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: Match.objectLike({ status: ['FAILED', 'ABORTED', 'TIMED_OUT'] }) },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });
});

describe('the alarms', () => {
  it('all go to the topic, and none is set off by silence', () => {
    const alarms = propertiesOf('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(0);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ AlarmActions: [expect.anything()], TreatMissingData: 'notBreaching' });
    }
  });

  it('know a rollback that is not complete by the cause of the execution', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        detail: Match.objectLike({
          status: ['FAILED'],
          cause: [{ wildcard: '*"status":"ROLLBACK_INCOMPLETE"*' }],
        }),
      },
    });
  });

  it('watch every dead-letter queue', () => {
    const watched = propertiesOf('AWS::CloudWatch::Alarm').flatMap(({ MetricName, Dimensions }) =>
      MetricName === 'ApproximateNumberOfMessagesVisible' ? Dimensions : [],
    );
    // A queue with a dead-letter queue behind it is none itself.
    const deadLetters = propertiesOf('AWS::SQS::Queue').filter(({ RedrivePolicy }) => !RedrivePolicy);
    expect(watched).toHaveLength(deadLetters.length);
  });

  it('see the throttles of every function', () => {
    const alarms = JSON.stringify(propertiesOf('AWS::CloudWatch::Alarm'));
    const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
    expect(functions.filter(name => !alarms.includes(name))).toEqual([]);
  });
});
