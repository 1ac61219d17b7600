// Functions as things of the account: created, described, changed, listed and deleted.
import type * as Sdk from '@aws-sdk/client-lambda';
import type { BuiltInFunction } from '../built-in-functions.ts';
import { type Aws, type Operation, ServiceError } from '../service.ts';
import { describe } from './describe.ts';
import { conflict, invalidParameter, notImplemented, violated } from './errors.ts';
import { type FindFunction, isBuiltIn } from './find.ts';
import { type FunctionDocument, functionsOf, referenceOf, resourcePolicies } from './model.ts';
import { requireBetween, requireCode, requireRole, requireRuntime, requireVariables } from './validate.ts';

export function functionOperations(
  aws: Aws,
  builtIns: readonly BuiltInFunction[],
  find: FindFunction,
  /** Called when what runs under a name is no longer what it was. */
  onChange: (name: string) => void,
): Record<string, Operation> {
  const describeNow = (name: string) => describe(aws, find(name));
  const findOwn = (given: string | undefined): FunctionDocument => {
    const { code, name } = find(given);
    if (isBuiltIn(code)) throw invalidParameter(`The function ${name} comes with the embedded AWS.`);
    return code;
  };
  const save = (document: FunctionDocument, change: Partial<FunctionDocument>) => {
    const stamp = { lastModified: aws.clock.now(), revisionId: aws.ids.uuid() };
    functionsOf(aws).set(document.name, { ...document, ...change, ...stamp });
    onChange(document.name);
    return describeNow(document.name);
  };
  return {
    CreateFunction(input: Sdk.CreateFunctionRequest): Sdk.FunctionConfiguration {
      requireSupported('CreateFunction', input, created);
      const document = documentOf(aws, input);
      const isTaken =
        builtIns.some(({ name }) => name === document.name) || functionsOf(aws).has(document.name);
      if (isTaken) throw conflict(`Function already exist: ${document.name}`);
      return save(document, {});
    },
    GetFunction({ FunctionName, Qualifier }: Sdk.GetFunctionRequest): Sdk.GetFunctionResponse {
      const found = find(FunctionName, Qualifier);
      const tags = isBuiltIn(found.code) ? {} : found.code.tags;
      return {
        Configuration: describe(aws, found),
        Code: { RepositoryType: 'S3' },
        ...(Object.keys(tags).length > 0 && { Tags: tags }),
      };
    },
    GetFunctionConfiguration: ({ FunctionName, Qualifier }: Sdk.GetFunctionConfigurationRequest) =>
      describe(aws, find(FunctionName, Qualifier)),
    UpdateFunctionCode(input: Sdk.UpdateFunctionCodeRequest): Sdk.FunctionConfiguration {
      requireSupported('UpdateFunctionCode', input, recoded);
      const document = findOwn(input.FunctionName);
      requireRevision(document, input.RevisionId);
      const code = requireCode(input);
      const architecture = input.Architectures?.[0] ?? document.architecture;
      if (input.DryRun) return describeNow(document.name);
      return save(document, { ...code, architecture });
    },
    UpdateFunctionConfiguration(input: Sdk.UpdateFunctionConfigurationRequest): Sdk.FunctionConfiguration {
      requireSupported('UpdateFunctionConfiguration', input, configured);
      const document = findOwn(input.FunctionName);
      requireRevision(document, input.RevisionId);
      return save(document, configurationOf(aws, input, document));
    },
    DeleteFunction({ FunctionName, Qualifier }: Sdk.DeleteFunctionRequest) {
      if (Qualifier !== undefined) throw notImplemented('DeleteFunction of a version');
      const { name } = findOwn(FunctionName);
      functionsOf(aws).delete(name);
      resourcePolicies(aws).delete(name);
      onChange(name);
      return {};
    },
    ListFunctions({ Marker, MaxItems = 50 }: Sdk.ListFunctionsRequest): Sdk.ListFunctionsResponse {
      const names = [...builtIns.map(({ name }) => name), ...functionsOf(aws).keys()].sort();
      const start = Marker === undefined ? 0 : names.findIndex(name => name > Marker);
      const page = start < 0 ? [] : names.slice(start, start + MaxItems);
      const last = page.at(-1);
      const isCut = last !== undefined && start + MaxItems < names.length;
      return { Functions: page.map(describeNow), ...(isCut && { NextMarker: last }) };
    },
  };
}

const configured = [
  'FunctionName',
  'Runtime',
  'Role',
  'Handler',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'RevisionId',
];
const created = [...configured, 'Code', 'Tags', 'Architectures', 'PackageType', 'Publish'];
const recoded = [
  'FunctionName',
  'ZipFile',
  'S3Bucket',
  'ImageUri',
  'Architectures',
  'DryRun',
  'RevisionId',
  'Publish',
];

/** What a request asks for beyond that would silently not happen. */
function requireSupported(operation: string, input: object, members: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    const isAsked = value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
    const isLeft = !members.includes(member) || member === 'Publish' || value === 'Image';
    if (isAsked && isLeft) throw notImplemented(`${member} of ${operation}`);
  }
}

function requireRevision({ revisionId }: FunctionDocument, given: string | undefined): void {
  if (given === undefined || given === revisionId) return;
  throw new ServiceError(
    'PreconditionFailedException',
    412,
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
}

function documentOf(aws: Aws, input: Sdk.CreateFunctionRequest): FunctionDocument {
  const { name, arn } = referenceOf(aws, input.FunctionName);
  if (name.length > 64)
    throw violated('functionName', name, 'Member must have length less than or equal to 64');
  requireRuntime(input.Runtime, input.Handler);
  return {
    name,
    arn,
    runtime: '',
    handler: '',
    roleArn: requireRole(aws, input.Role),
    timeoutSeconds: 3,
    memorySize: 128,
    description: '',
    environment: {},
    architecture: input.Architectures?.[0] ?? 'x86_64',
    ...requireCode(input.Code),
    lastModified: 0,
    revisionId: '',
    tags: input.Tags ?? {},
    ...configurationOf(aws, input),
  };
}

type Configuration = Sdk.CreateFunctionRequest | Sdk.UpdateFunctionConfigurationRequest;

/** Only what the request says. */
function configurationOf(
  aws: Aws,
  input: Configuration,
  before?: FunctionDocument,
): Partial<FunctionDocument> {
  const { Runtime: runtime, Handler: handler, Role, Description: description, Environment } = input;
  const { Timeout, MemorySize } = input;
  requireRuntime(runtime ?? before?.runtime, handler ?? before?.handler);
  return {
    ...(runtime !== undefined && { runtime }),
    ...(handler !== undefined && { handler }),
    ...(description !== undefined && { description }),
    ...(Role !== undefined && { roleArn: requireRole(aws, Role) }),
    ...(Timeout !== undefined && { timeoutSeconds: requireBetween('timeout', Timeout, 1, 900) }),
    ...(MemorySize !== undefined && { memorySize: requireBetween('memorySize', MemorySize, 128, 10_240) }),
    ...(Environment !== undefined && { environment: requireVariables(Environment.Variables) }),
  };
}
