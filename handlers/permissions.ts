// Permissions that several steps need in the same words: the ledger's table, and API Gateway's paths.
import { allow, type Permission } from '../core/step.ts';

const table = 'arn:{partition}:dynamodb:{region}:{account}:table/{table}';

export const ledgerRead: Permission = allow(['dynamodb:GetItem', 'dynamodb:Query'], [table]);
export const ledgerScan: Permission = allow(['dynamodb:Scan'], [table]);
export const ledgerWrite: Permission = allow(
  ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
  [table],
);

export const ledgerBatch: Permission = allow(['dynamodb:BatchWriteItem'], [table]);

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
