// PutParameter: a new parameter, or a new version of one that is there.
import type * as Sdk from '@aws-sdk/client-ssm';
import type { Aws, CallContext } from '../service.ts';
import { notImplemented, parameterExists, patternMismatch, validation, violated } from './errors.ts';
import { encrypt, type ParameterDocument, parameterArn, parameters, type VersionDocument } from './model.ts';

const types = ['String', 'StringList', 'SecureString'];
const mostVersions = 100;
/** https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const largest = { Standard: 4096, Advanced: 8192 };

export function putParameter(aws: Aws) {
  return (input: Sdk.PutParameterRequest, { caller }: CallContext): Sdk.PutParameterResult => {
    const { Name = '', Tags, Overwrite = false } = input;
    checkName(Name);
    const existing = parameters(aws).get(Name);
    if (existing && !Overwrite) throw parameterExists();
    if (Overwrite && Tags !== undefined && Tags.length > 0) {
      throw validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    const last = existing?.versions.at(-1);
    const version = versionFrom(aws, input, last, caller.arn);
    parameters(aws).set(Name, {
      name: Name,
      arn: parameterArn(aws, Name),
      versions: withVersion(existing, version),
      tags: existing?.tags ?? Tags ?? [],
    });
    return { Version: version.version, Tier: version.tier };
  };
}

function withVersion(
  existing: ParameterDocument | undefined,
  version: VersionDocument,
): ParameterDocument['versions'] {
  const [oldest, ...kept] = [...(existing?.versions ?? []), version].slice(-mostVersions);
  return [oldest ?? version, ...kept];
}

function versionFrom(
  aws: Aws,
  input: Sdk.PutParameterRequest,
  last: VersionDocument | undefined,
  modifiedBy: string,
): VersionDocument {
  const { Name = '', Value = '', Tier, Policies, Description, DataType = 'text' } = input;
  if (Policies !== undefined) throw notImplemented('Policies of PutParameter');
  if (DataType !== 'text') throw notImplemented(`the data type ${DataType} of PutParameter`);
  const type = typeOf(input, last);
  const size = Buffer.byteLength(Value);
  const tier =
    Tier === 'Intelligent-Tiering'
      ? size > largest.Standard
        ? 'Advanced'
        : 'Standard'
      : (Tier ?? last?.tier ?? 'Standard');
  if (Value === '') throw violated('value', '', 'Member must have length greater than or equal to 1');
  if (size > (tier === 'Advanced' ? largest.Advanced : largest.Standard)) {
    throw validation(
      tier === 'Advanced'
        ? 'The maximum length allowed for parameter value is 8192.'
        : 'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html',
    );
  }
  const allowedPattern = input.AllowedPattern ?? last?.allowedPattern;
  if (allowedPattern && !new RegExp(allowedPattern).test(Value)) throw patternMismatch(Name, allowedPattern);
  const description = Description ?? last?.description;
  const isSecure = type === 'SecureString';
  return {
    version: (last?.version ?? 0) + 1,
    value: isSecure ? encrypt(aws, Value) : Value,
    type,
    dataType: DataType,
    tier,
    ...(isSecure && { keyId: input.KeyId ?? last?.keyId ?? 'alias/aws/ssm' }),
    ...(description !== undefined && { description }),
    ...(allowedPattern !== undefined && { allowedPattern }),
    modifiedAt: aws.clock.now(),
    modifiedBy,
  };
}

function typeOf({ Type, KeyId }: Sdk.PutParameterRequest, last: VersionDocument | undefined) {
  const type = Type ?? last?.type;
  if (type === undefined) {
    throw validation('A parameter type is required when you create a parameter.');
  }
  if (!types.includes(type)) {
    throw violated('type', type, `Member must satisfy enum value set: [${types.join(', ')}]`);
  }
  if (KeyId !== undefined && type !== 'SecureString') {
    throw validation('KeyId is only supported for SecureString parameters.');
  }
  return type;
}

function checkName(name: string): void {
  if (!/^[\w./-]{1,2048}$/.test(name)) {
    throw validation(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw validation('Parameter name must be a fully qualified name.');
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    const why = 'No access to reserved parameter name: parameters must not start with "aws" or "ssm".';
    throw validation(why);
  }
  if (name.split('/').length > 16) {
    throw validation('A parameter can have a hierarchy of at most 15 levels.');
  }
}
