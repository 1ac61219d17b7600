// GetParameter, GetParameters, GetParametersByPath, GetParameterHistory and DescribeParameters.
import type * as Sdk from '@aws-sdk/client-ssm';
import type { Aws, Operation } from '../service.ts';
import { notImplemented, parameterMissing, validation, versionMissing, violated } from './errors.ts';
import { decrypt, type ParameterDocument, parameterArn, parameters, type VersionDocument } from './model.ts';

interface Selected {
  readonly parameter: ParameterDocument;
  readonly version: VersionDocument;
  readonly selector?: string;
}

const lastOf = ({ versions }: ParameterDocument) => versions.at(-1) ?? versions[0];

/** By its name or ARN, perhaps with a version: `/app/url:3`. */
function select(aws: Aws, asked: string): Selected {
  const name = asked.startsWith('arn:') ? nameIn(aws, asked) : asked;
  const [plain = '', selector] = name.split(':');
  const parameter = parameters(aws).get(plain);
  if (!parameter) throw parameterMissing(asked);
  if (selector === undefined) return { parameter, version: lastOf(parameter) };
  const version = parameter.versions.find(one => String(one.version) === selector);
  if (!version) throw versionMissing(plain, selector);
  return { parameter, version, selector: `:${selector}` };
}

function nameIn(aws: Aws, arn: string): string {
  const path = arn.replace(/^.*:parameter\//, '');
  return parameters(aws).has(path.split(':')[0] ?? '') ? path : `/${path}`;
}

function describe({ parameter, version, selector }: Selected, withDecryption = false): Sdk.Parameter {
  const isSealed = version.type === 'SecureString' && withDecryption;
  return {
    Name: parameter.name,
    Type: version.type,
    Value: isSealed ? decrypt(version.value) : version.value,
    Version: version.version,
    ...(selector !== undefined && { Selector: selector }),
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: parameter.arn,
    DataType: version.dataType,
  };
}

const metadata = ({ name, arn }: ParameterDocument, version: VersionDocument) => ({
  Name: name,
  ARN: arn,
  Type: version.type,
  ...(version.keyId !== undefined && { KeyId: version.keyId }),
  LastModifiedDate: new Date(version.modifiedAt),
  LastModifiedUser: version.modifiedBy,
  ...(version.description !== undefined && { Description: version.description }),
  ...(version.allowedPattern !== undefined && { AllowedPattern: version.allowedPattern }),
  Version: version.version,
  Tier: version.tier,
  Policies: [],
  DataType: version.dataType,
});

export function readOperations(aws: Aws): Record<string, Operation> {
  return {
    GetParameter: ({ Name = '', WithDecryption }: Sdk.GetParameterRequest): Sdk.GetParameterResult => ({
      Parameter: describe(select(aws, Name), WithDecryption),
    }),

    GetParameters({ Names = [], WithDecryption }: Sdk.GetParametersRequest): Sdk.GetParametersResult {
      if (Names.length === 0 || Names.length > 10) {
        const bound = Names.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 10';
        throw violated('names', `[${Names.join(', ')}]`, `Member must have length ${bound}`);
      }
      const found = new Map<string, Selected>();
      for (const name of new Set(Names)) {
        const [plain = ''] = name.split(':');
        if (parameters(aws).has(name.startsWith('arn:') ? nameIn(aws, name) : plain))
          found.set(name, select(aws, name));
      }
      return {
        Parameters: [...found.values()].map(selected => describe(selected, WithDecryption)),
        InvalidParameters: Names.filter(name => !found.has(name)),
      };
    },

    GetParametersByPath(input: Sdk.GetParametersByPathRequest): Sdk.GetParametersByPathResult {
      const { Path = '', Recursive = false, WithDecryption, ParameterFilters } = input;
      if (ParameterFilters?.length) throw notImplemented('ParameterFilters of GetParametersByPath');
      if (!Path.startsWith('/')) {
        throw validation(
          `The parameter path "${Path}" must be a fully qualified name that starts with a slash.`,
        );
      }
      const prefix = Path.endsWith('/') ? Path : `${Path}/`;
      const isMeant = (name: string) =>
        name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/'));
      const { items, ...next } = page(
        sorted(aws).filter(({ name }) => isMeant(name)),
        input,
        10,
      );
      const selected = items.map(parameter => ({ parameter, version: lastOf(parameter) }));
      return { Parameters: selected.map(one => describe(one, WithDecryption)), ...next };
    },

    GetParameterHistory(input: Sdk.GetParameterHistoryRequest): Sdk.GetParameterHistoryResult {
      const { parameter } = select(aws, input.Name ?? '');
      const { items, ...next } = page(parameter.versions, input, 50);
      const Parameters = items.map(version => ({
        ...metadata(parameter, version),
        Value: describe({ parameter, version }, input.WithDecryption).Value,
        Labels: [],
      }));
      return { Parameters, ...next };
    },

    DescribeParameters(input: Sdk.DescribeParametersRequest): Sdk.DescribeParametersResult {
      if (input.Filters?.length) throw notImplemented('Filters of DescribeParameters; use ParameterFilters');
      const tests = (input.ParameterFilters ?? []).map(filterOf);
      const found = sorted(aws).filter(one => tests.every(test => test(one)));
      const { items, ...next } = page(found, input, 50);
      return { Parameters: items.map(one => metadata(one, lastOf(one))), ...next };
    },
  };
}

const sorted = (aws: Aws) =>
  [...parameters(aws).values()].sort((one, other) => (one.name < other.name ? -1 : 1));

function filterOf({ Key, Option = 'Equals', Values = [] }: Sdk.ParameterStringFilter) {
  const read: Readonly<Record<string, (one: ParameterDocument) => string>> = {
    Name: ({ name }) => name,
    Type: one => lastOf(one).type,
    Tier: one => lastOf(one).tier,
  };
  const value = read[Key ?? ''];
  const compare: Readonly<Record<string, (text: string, part: string) => boolean>> = {
    Equals: (text, part) => text === part,
    BeginsWith: (text, part) => text.startsWith(part),
    Contains: (text, part) => text.includes(part),
  };
  const test = compare[Option];
  if (!value || !test) throw notImplemented(`the filter ${Key} ${Option} of DescribeParameters`);
  return (one: ParameterDocument) => Values.some(part => test(value(one), part));
}

function page<T>(
  all: readonly T[],
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
  most: number,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const start = Number(NextToken ?? 0);
  if (!Number.isInteger(start) || start < 0) throw validation('The specified token is not valid.');
  const size = MaxResults ?? most;
  if (size < 1 || size > most)
    throw violated('maxResults', size, `Member must have value between 1 and ${most}`);
  const end = start + size;
  return { items: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}

/** The ARN that permissions speak of: of the parameter that a name, with a version or not, or an ARN means. */
export const arnOf = (aws: Aws, asked: string) =>
  asked.startsWith('arn:') ? asked : parameterArn(aws, asked.split(':')[0] ?? '');
