// The stack, synthesised, and what its template says of each function when it is deployed into the embedded account.
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { embeddedSettings } from '../../cli/embedded.ts';
import { archiveBucket } from '../../cli/embedded-archive.ts';
import type { Configuration } from '../../infra/configuration.ts';
import { ServiceProxyStack } from '../../infra/service-proxy-stack.ts';
import { ledgerTable } from '../../statemachine/settings.ts';
import { type NameResource, type Resource, resolver } from './resolve.ts';

/** Any small folder: what is asserted here does not depend on the functions' code. */
const folder = fileURLToPath(new URL('.', import.meta.url));

export function synthesise(configuration: Partial<Configuration> = {}): {
  readonly stack: ServiceProxyStack;
  readonly template: Template;
} {
  const code = Code.fromAsset(folder);
  const stack = new ServiceProxyStack(new App(), 'ServiceProxyStack', { configuration, code: () => code });
  return { stack, template: Template.fromStack(stack) };
}

export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

export interface DeployedFunction {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** By policy name. */
  readonly policies: Readonly<Record<string, readonly PolicyStatement[]>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The names that things of the stack have in the embedded account. */
const nameInEmbedded: NameResource = (logicalId, { Type, Properties }, attribute) => {
  if (Type === 'AWS::DynamoDB::Table' && attribute === undefined) return ledgerTable;
  if (Type === 'AWS::S3::Bucket' && attribute === undefined) return archiveBucket;
  if (Type === 'AWS::IAM::ManagedPolicy') return embeddedSettings.permissionsBoundary ?? '';
  const arnOf = (rest: string) => `arn:aws:${rest.replace('REGION', 'us-east-1:000000000000')}`;
  if (Type === 'AWS::Lambda::Function' && attribute === 'Arn')
    return arnOf(`lambda:REGION:function:${Properties.FunctionName}`);
  if (Type === 'AWS::Logs::LogGroup') return arnOf(`logs:REGION:log-group:${Properties.LogGroupName}:*`);
  return `${logicalId}${attribute === undefined ? '' : `.${attribute}`}`;
};

export function deployedFunctions(template: Template): DeployedFunction[] {
  const resources = template.toJSON().Resources as Readonly<Record<string, Resource>>;
  const resolve = resolver({
    resources,
    nameResource: nameInEmbedded,
    account: '000000000000',
    region: 'us-east-1',
  });
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => {
      const [roleId] = (Properties.Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'];
      const policies = resolve(resources[roleId]?.Properties.Policies) as {
        readonly PolicyName: string;
        readonly PolicyDocument: { readonly Statement: readonly PolicyStatement[] };
      }[];
      const { Variables } = resolve(Properties.Environment) as { Variables: Record<string, string> };
      return {
        name: String(Properties.FunctionName),
        properties: Properties,
        policies: Object.fromEntries(
          policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument.Statement]),
        ),
        settings: JSON.parse(Variables.SERVICE_PROXY_SETTINGS ?? Variables.SERVICE_PROXY_REQUESTS ?? '{}'),
      };
    });
}
