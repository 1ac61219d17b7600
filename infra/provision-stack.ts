// The stack: the ledger, one function for each state with a policy of exactly its calls, the state machine.
import { readFileSync } from 'node:fs';
import { type App, Aws, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Permission, Settings } from '../core/step.ts';
import { allFunctions, type StateFunction } from '../statemachine/functions.ts';
import { stateMachines } from '../statemachine/machines.ts';
import { fillResource } from '../statemachine/policies.ts';
import { allowedActions, deniedActions, functionPrefix } from '../statemachine/settings.ts';
import { bundle } from './bundle.ts';

export class ProvisionStack extends Stack {
  constructor(scope: App, id: string, props: StackProps) {
    super(scope, id, props);
    const ledger = new TableV2(this, 'Ledger', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const settings: Settings = {
      ledgerTable: ledger.tableName,
      allow: allowedActions,
      deny: deniedActions,
      deploymentIntervalSeconds: 5,
      invokeUrl: `https://{api}.execute-api.{region}.${Aws.URL_SUFFIX}/{stage}{path}`,
    };
    const environment = { SERVICE_PROXY_SETTINGS: this.toJsonString(settings) };
    const functions = new Map(
      allFunctions().map(state => [state.name, this.stateFunction(state, ledger.tableName, environment)]),
    );
    for (const { name, file } of stateMachines) {
      const machine = this.stateMachine(name, readFileSync(file, 'utf8'), functions);
      new CfnOutput(this, `${name}Arn`, { value: machine.stateMachineArn });
    }
  }

  private statement({ actions, resources, conditions }: Permission, table: string): PolicyStatement {
    const target = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID, table };
    return new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [...actions],
      resources: resources.map(resource => fillResource(resource, target)),
      ...(conditions && { conditions }),
    });
  }

  private stateFunction(
    { name, file, handler, timeoutSeconds, permissions }: StateFunction,
    table: string,
    environment: Record<string, string>,
  ): LambdaFunction {
    const logGroup = new LogGroup(this, `${name}Log`, {
      logGroupName: `/aws/lambda/${functionPrefix}${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, `${name}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        State: new PolicyDocument({
          statements: permissions.map(permission => this.statement(permission, table)),
        }),
        Log: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [logGroup.logGroupArn],
            }),
          ],
        }),
      },
    });
    return new LambdaFunction(this, name, {
      functionName: `${functionPrefix}${name}`,
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundle(file)),
      handler: `index.${handler}`,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: 512,
      role,
      logGroup,
      environment,
    });
  }

  private stateMachine(
    stateMachineName: string,
    definition: string,
    functions: ReadonlyMap<string, LambdaFunction>,
  ): StateMachine {
    const called = [...functions].filter(([name]) => definition.includes(`\${${name}}`));
    const logGroup = new LogGroup(this, `${stateMachineName}Log`, {
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new StateMachine(this, stateMachineName, {
      stateMachineName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(called.map(([name, made]) => [name, made.functionArn])),
      // Execution data stays out of the logs: inputs and answers are in the history, for those who may read it.
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    for (const [, made] of called) made.grantInvoke(machine);
    return machine;
  }
}
