// Each function of the synthesised stack may do exactly what its step names, and nothing else.
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProvisionStack } from '../../infra/provision-stack.ts';
import { allFunctions } from '../../statemachine/functions.ts';

interface Policy {
  readonly PolicyName: string;
  readonly PolicyDocument: {
    readonly Statement: readonly {
      readonly Action: string | string[];
      readonly Resource: unknown;
      readonly Condition?: unknown;
    }[];
  };
}

let template: Template;
beforeAll(() => {
  template = Template.fromStack(new ProvisionStack(new App(), 'Stack', {}));
}, 60_000);

function policiesOf(functionName: string): readonly Policy[] {
  const [made] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: functionName } }),
  );
  const [role] = made?.Properties.Role['Fn::GetAtt'] ?? [];
  return template.findResources('AWS::IAM::Role')[role]?.Properties.Policies ?? [];
}

describe('the stack', () => {
  it.each(allFunctions().map(state => [state.name, state] as const))(
    'lets %s do exactly its own calls',
    (name, state) => {
      const policies = policiesOf(`service-proxy-${name}`);
      const statements =
        policies.find(({ PolicyName }) => PolicyName === 'State')?.PolicyDocument.Statement ?? [];
      expect(statements.map(({ Action, Condition }) => [[Action].flat(), Condition])).toEqual(
        state.permissions.map(({ actions, conditions }) => [[...actions], conditions]),
      );
      const logs = policies.find(({ PolicyName }) => PolicyName === 'Log')?.PolicyDocument.Statement ?? [];
      expect(logs.flatMap(({ Action }) => Action)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
      expect(policies).toHaveLength(2);
    },
  );

  it('grants no wildcard action and no wildcard resource', () => {
    for (const { permissions } of allFunctions()) {
      for (const { actions, resources } of permissions) {
        expect(actions.filter(action => action.includes('*'))).toEqual([]);
        expect(resources).not.toContain('*');
      }
    }
  });

  it('keeps execution data out of the logs', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
    });
  });
});
