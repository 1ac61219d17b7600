// Permissions that several steps need in the same words: the ledger's table, and API Gateway's paths.
import { allow, type Permission } from '../core/step.ts';

const table = 'arn:{partition}:dynamodb:{region}:{account}:table/{table}';

type LedgerOperation =
  | 'GetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem';

/**
 * What a function does with the ledger, and no more. Every state reads its execution (`Query`); one that calls AWS to
 * change something also notes the calls of an attempt that failed (`PutItem`).
 */
export const ledger = (...operations: readonly LedgerOperation[]): Permission =>
  allow(
    operations.map(operation => `dynamodb:${operation}`),
    [table],
  );

/** How another execution of this product ended. */
export const describesExecutions: Permission = allow(
  ['states:DescribeExecution'],
  ['arn:{partition}:states:{region}:{account}:execution:*'],
);

/** API Gateway's management permissions are HTTP verbs on the paths of its REST interface. */
export function apiGateway(
  verbs: readonly ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[],
  ...paths: readonly string[]
): Permission {
  return allow(
    verbs.map(verb => `apigateway:${verb}`),
    paths.map(path => `arn:{partition}:apigateway:{region}::${path}`),
  );
}
