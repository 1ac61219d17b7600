// A state machine made from its committed definition, with a version for each change and an alias for callers.
import { readFileSync } from 'node:fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from './configuration.ts';

export interface DeployedMachineProps {
  readonly name: string;
  /** The committed definition. */
  readonly file: URL;
  readonly config: Configuration;
  readonly key: IKey | undefined;
  /** By the name they have in the definition. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

export class DeployedMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly liveAlias: CfnStateMachineAlias;

  constructor(scope: Construct, id: string, { name, file, config, key, functions }: DeployedMachineProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(key && { encryptionKey: key }),
    });
    const definition = readFileSync(file, 'utf8');
    const called = [...functions].filter(([state]) => definition.includes(`\${${state}}`));
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(
        called.map(([state, { currentVersion }]) => [state, currentVersion.functionArn]),
      ),
      role: this.makeRole(called.map(([, made]) => made)),
      // Execution data stays out of the logs: inputs and answers are in the history, for those who may read it.
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: config.logExecutionData },
      tracingEnabled: true,
      ...(key && { encryptionConfiguration: new CustomerManagedEncryptionConfiguration(key) }),
    });
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: this.stateMachine.stateMachineArn,
      // Another revision is another version; the ones before stay, for the alias to go back to.
      stateMachineRevisionId: this.stateMachine.stateMachineRevisionId,
    });
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.liveAlias = new CfnStateMachineAlias(this, 'Live', {
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn: version.ref, weight: 100 }],
    });
  }

  /** Every version of the functions, not only the newest: an execution on an older definition calls older ones. */
  private makeRole(functions: readonly LambdaFunction[]): Role {
    const invoke = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: functions.flatMap(({ functionArn }) => [functionArn, `${functionArn}:*`]),
    });
    return new Role(this, 'Role', {
      description: 'What the state machine itself may do: call the functions of its states',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) },
    });
  }
}
