// The product as a construct, for a stack of its own or in the middle of another.
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { CfnStateMachineAlias, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Settings } from '../core/step.ts';
import { boundaryDocument } from '../statemachine/boundary.ts';
import { allFunctions } from '../statemachine/functions.ts';
import { stateMachines } from '../statemachine/machines.ts';
import { boundaryPolicy } from '../statemachine/settings.ts';
import { Alarms } from './alarms.ts';
import { Archive } from './archive.ts';
import { bundledCode, type FunctionCode } from './bundle.ts';
import { allowedTargets, type Configuration, defaults } from './configuration.ts';
import { addDashboard } from './dashboard.ts';
import { DeployedMachine } from './deployed-machine.ts';
import { ProductFunction } from './product-function.ts';
import { Requests } from './requests.ts';
import { addWatchdog } from './watchdog.ts';

export interface ServiceProxyProps {
  /** What differs from the defaults. */
  readonly configuration?: Partial<Configuration>;
  /** Where the functions' code is; default: bundled now. */
  readonly code?: FunctionCode;
}

export class ServiceProxy extends Construct {
  readonly stateMachine: StateMachine;
  readonly liveAlias: CfnStateMachineAlias;
  readonly ledger: Table;
  /** The managed policy that bounds every role the product makes. */
  readonly boundaryArn: string;
  readonly alarms: Alarms;
  readonly archive: Archive;
  readonly requests: Requests;

  constructor(
    scope: Construct,
    id: string,
    { configuration = {}, code = bundledCode() }: ServiceProxyProps = {},
  ) {
    super(scope, id);
    const config: Configuration = { ...defaults, ...configuration };
    const key = config.kmsKey === undefined ? undefined : Key.fromKeyArn(this, 'Key', config.kmsKey);
    this.ledger = this.makeLedger(config, key);
    this.boundaryArn = config.permissionsBoundary ?? this.makeBoundary(config);
    const targets = allowedTargets(config);
    const settings: Settings = {
      ledgerTable: this.ledger.tableName,
      allow: config.allow,
      deny: config.deny,
      targets,
      permissionsBoundary: this.boundaryArn,
      deploymentIntervalSeconds: 5,
      invokeUrl: `https://{api}.execute-api.{region}.${Aws.URL_SUFFIX}/{stage}{path}`,
    };
    const target = {
      partition: Aws.PARTITION,
      region: Aws.REGION,
      account: Aws.ACCOUNT_ID,
      table: this.ledger.tableName,
      boundary: this.boundaryArn,
      targets,
    };
    const made = { config, key, target, code };
    const environment = { SERVICE_PROXY_SETTINGS: Stack.of(this).toJsonString(settings) };
    const scopeOfFunctions = new Construct(this, 'Functions');
    const functions = new Map(
      allFunctions().map(called => [
        called.name,
        new ProductFunction(scopeOfFunctions, called, { ...made, environment }),
      ]),
    );
    const machines = stateMachines.map(
      ({ name, file }) => new DeployedMachine(this, name, { name, file, config, key, functions }),
    );
    const [provisioning, ...finishing] = machines;
    if (!provisioning) throw new Error('there is no state machine to deploy');
    this.stateMachine = provisioning.stateMachine;
    this.liveAlias = provisioning.liveAlias;
    const watched = { machines: machines.map(({ stateMachine }) => stateMachine), ledger: this.ledger };
    this.alarms = new Alarms(this, 'Alarms', { config, key, ...watched });
    const { stateMachine, alarms } = this;
    this.archive = new Archive(this, 'Archive', { ...made, settings, machines: watched.machines, alarms });
    this.requests = new Requests(this, 'Requests', {
      ...made,
      machines: [stateMachine, ...finishing.map(machine => machine.stateMachine)],
      alias: this.liveAlias,
      alarms,
    });
    addWatchdog(this, { stateMachine, functions, undelivered: alarms.undelivered });
    const all = [...functions.values(), this.archive.archiver, ...this.requests.functions];
    alarms.watchFunctions(all);
    addDashboard(this, { alarms, functions: all, ...watched });
  }

  private makeLedger({ deletionProtection }: Configuration, key: IKey | undefined): Table {
    return new Table(this, 'Ledger', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection,
      // It says what the product made in the account: it outlives the stack.
      removalPolicy: RemovalPolicy.RETAIN,
      ...(key && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key }),
    });
  }

  private makeBoundary({ deny, accounts, regions }: Configuration): string {
    const limits = { deny, ...(accounts && { accounts }), ...(regions && { regions }) };
    return new ManagedPolicy(this, 'Boundary', {
      path: boundaryPolicy.path,
      description: 'Bounds every role that service-proxy makes for a route',
      document: PolicyDocument.fromJson(boundaryDocument(limits)),
    }).managedPolicyArn;
  }
}
