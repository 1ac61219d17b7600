// Provisioning by events: the bus, the rule that takes requests, their FIFO queue, and the outcome events with their schemas.
import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { CfnStateMachineAlias, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { eventSchemas } from '../core/event-schemas.ts';
import {
  endedPattern,
  mostReceives,
  type RequestFunctionSetup,
  requestFunctions,
  requestPattern,
  requestQueueName,
} from '../statemachine/requests.ts';
import type { Alarms } from './alarms.ts';
import { ProductFunction, type ProductFunctionProps } from './product-function.ts';

export interface RequestsProps extends Omit<ProductFunctionProps, 'environment' | 'deadLetterQueue'> {
  /** The one that provisions, and the one that finishes what was broken off. */
  readonly machines: readonly [StateMachine, ...StateMachine[]];
  readonly alias: CfnStateMachineAlias;
  readonly alarms: Alarms;
}

export class Requests extends Construct {
  readonly functions: readonly ProductFunction[];
  readonly queue: Queue;
  readonly eventBus: IEventBus;

  constructor(scope: Construct, id: string, { machines, alias, alarms, ...props }: RequestsProps) {
    super(scope, id);
    const { config, key } = props;
    this.eventBus = this.makeBus(config.eventBus);
    this.queue = new Queue(this, 'Queue', {
      queueName: requestQueueName(config.functionPrefix),
      fifo: true,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // A request whose execution still runs is looked at again after this time.
      visibilityTimeout: Duration.seconds(30),
      deadLetterQueue: {
        queue: alarms.makeQueue('FailedRequests', key, { fifo: true }),
        maxReceiveCount: mostReceives,
      },
      ...(key
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    });
    const settings = {
      stateMachineArn: machines[0].stateMachineArn,
      startArn: alias.attrArn,
      queueUrl: this.queue.queueUrl,
      eventBus: config.eventBus,
      ledgerTable: props.target.table,
      allow: config.allow,
      deny: config.deny,
      ...(props.target.targets && { targets: props.target.targets }),
    };
    const environment = { SERVICE_PROXY_REQUESTS: Stack.of(this).toJsonString(settings) };
    const deadLetterQueue = alarms.makeQueue('UndeliveredRequests', key);
    const made = new Map(
      requestFunctions(config.eventBus, config.functionPrefix).map(called => [
        called.name,
        new ProductFunction(
          this,
          { ...called, handler: 'handler' },
          { ...props, environment, deadLetterQueue },
        ),
      ]),
    );
    this.functions = [...made.values()];
    const target = (name: RequestFunctionSetup['name']) => {
      const called = made.get(name);
      if (!called) throw new Error(`there is no function ${name}`);
      return called;
    };
    const lambda = (name: RequestFunctionSetup['name']) =>
      new LambdaTarget(target(name), {
        deadLetterQueue,
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      });
    new Rule(this, 'Requested', {
      description: 'Requests for an execution, from any source',
      eventBus: this.eventBus,
      eventPattern: { detailType: [...requestPattern['detail-type']] },
      targets: [lambda('ReceiveRequest')],
    });
    const {
      source,
      detail,
      'detail-type': detailType,
    } = endedPattern(machines.map(({ stateMachineArn }) => stateMachineArn));
    new Rule(this, 'Ended', {
      description: 'Executions that have ended, to tell their outcome',
      eventPattern: { source, detailType, detail },
      targets: [lambda('PublishOutcome')],
    });
    new EventSourceMapping(this, 'Start', {
      target: target('StartRequest'),
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      maxConcurrency: 10,
      reportBatchItemFailures: true,
    });
    this.registerSchemas();
  }

  /** The account's own bus, or one of that name for the product alone. */
  private makeBus(eventBusName: string): IEventBus {
    if (eventBusName === 'default') return EventBus.fromEventBusName(this, 'Bus', eventBusName);
    const { eventBusArn } = new EventBus(this, 'OwnBus', { eventBusName });
    return EventBus.fromEventBusArn(this, 'Bus', eventBusArn);
  }

  private registerSchemas(): void {
    const registry = new CfnRegistry(this, 'Schemas', {
      description: 'Events of service-proxy: requests, and how they end',
    });
    for (const [name, schema] of Object.entries(eventSchemas)) {
      new CfnSchema(this, name, {
        registryName: registry.attrRegistryName,
        schemaName: `service-proxy@${name}`,
        type: 'JSONSchemaDraft4',
        content: JSON.stringify(schema),
      });
    }
  }
}
