// The stack: one ServiceProxy, and what is to be known of it from outside.
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ServiceProxy, type ServiceProxyProps } from './service-proxy.ts';

export class ServiceProxyStack extends Stack {
  readonly serviceProxy: ServiceProxy;

  constructor(
    scope: Construct,
    id: string,
    { configuration, code, ...props }: StackProps & ServiceProxyProps = {},
  ) {
    super(scope, id, {
      description: 'service-proxy: exposes AWS service actions through API Gateway',
      ...props,
    });
    this.serviceProxy = new ServiceProxy(this, 'ServiceProxy', {
      ...(configuration && { configuration }),
      ...(code && { code }),
    });
    const { stateMachine, liveAlias, ledger, boundaryArn, alarms, archive } = this.serviceProxy;
    const outputs: Readonly<Record<string, string>> = {
      StateMachineArn: stateMachine.stateMachineArn,
      StateMachineAliasArn: liveAlias.ref,
      LedgerTable: ledger.tableName,
      PermissionsBoundaryArn: boundaryArn,
      ArchiveBucket: archive.bucket.bucketName,
      AlarmTopicArn: alarms.topic.topicArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
