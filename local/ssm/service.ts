// AWS Systems Manager of the embedded AWS: its parameter store.
import type * as Sdk from '@aws-sdk/client-ssm';
import type { Authorization, Aws, CallContext, Service } from '../service.ts';
import { parameterMissing } from './errors.ts';
import { parameters } from './model.ts';
import { putParameter } from './put-parameter.ts';
import { arnOf, readOperations } from './read-parameters.ts';

export function ssmService(aws: Aws): Service {
  return {
    operations: {
      ...readOperations(aws),
      PutParameter: putParameter(aws),
      DeleteParameter({ Name = '' }: Sdk.DeleteParameterRequest): Sdk.DeleteParameterResult {
        if (!parameters(aws).delete(Name)) throw parameterMissing(Name);
        return {};
      },
      DeleteParameters({ Names = [] }: Sdk.DeleteParametersRequest): Sdk.DeleteParametersResult {
        const DeletedParameters = Names.filter(name => parameters(aws).delete(name));
        return {
          DeletedParameters,
          InvalidParameters: Names.filter(name => !DeletedParameters.includes(name)),
        };
      },
    },
    authorize,
  };
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
function authorize(
  operation: string,
  { Name, Names, Path }: Readonly<Record<string, unknown>>,
  { aws }: CallContext,
): readonly Authorization[] {
  const action = `ssm:${operation}`;
  const named = [Name, Path, ...(Array.isArray(Names) ? Names : [])].filter(
    (name): name is string => typeof name === 'string',
  );
  if (named.length === 0) return [{ action, resource: '*' }];
  return named.map(name => ({ action, resource: arnOf(aws, name) }));
}
