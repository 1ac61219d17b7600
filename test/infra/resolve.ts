// A template's intrinsic functions resolved for one account, as CloudFormation would: names instead of references.

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What stands for a resource, given the attribute that is asked for; without one, what `Ref` gives. */
export type NameResource = (logicalId: string, resource: Resource, attribute?: string) => string;

export interface Surroundings {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly nameResource: NameResource;
  readonly account: string;
  readonly region: string;
}

type Json = unknown;
const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function resolver({ resources, nameResource, account, region }: Surroundings): (value: Json) => Json {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  function named(logicalId: string, attribute?: string): string {
    const value = attribute === undefined ? pseudo[logicalId] : undefined;
    if (value !== undefined) return value;
    const resource = resources[logicalId];
    if (!resource) throw new Error(`the template has no resource ${logicalId}`);
    return nameResource(logicalId, resource, attribute);
  }
  const functions: Readonly<Record<string, (argument: Json) => Json>> = {
    Ref: argument => named(String(argument)),
    'Fn::GetAtt': argument => {
      const [logicalId, attribute] = argument as [string, string];
      return named(logicalId, attribute);
    },
    'Fn::Join': argument => {
      const [separator, parts] = argument as [string, Json[]];
      return parts.map(part => String(resolve(part))).join(separator);
    },
    'Fn::Sub': argument =>
      String(argument).replaceAll(/\$\{([\w:]+)(?:\.(\w+))?\}/g, (_, id, attribute) => named(id, attribute)),
  };
  function resolve(value: Json): Json {
    if (Array.isArray(value)) return value.map(resolve);
    if (!isObject(value)) return value;
    const [[name = '', argument] = [], ...others] = Object.entries(value);
    const intrinsic = others.length === 0 ? functions[name] : undefined;
    if (intrinsic) return intrinsic(argument);
    if (name.startsWith('Fn::')) throw new Error(`${name} is not resolved here`);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one)]));
  }
  return resolve;
}
