// DynamoDB, by dynalite: in memory, or below the account's data directory.
import type { RequestListener, Server } from 'node:http';
import type { Aws, CallContext, RelayedService } from '../service.ts';
import { callListener, withSignature } from './listener.ts';

/** What dynalite answers; anything else is NotImplemented. */
const operationNames = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
]);

type Input = Readonly<Record<string, unknown>>;

function tablesOf(input: Input): string[] {
  if (typeof input.TableName === 'string') return [input.TableName];
  if (typeof input.ResourceArn === 'string') return [input.ResourceArn];
  return typeof input.RequestItems === 'object' && input.RequestItems ? Object.keys(input.RequestItems) : [];
}

/** IAM's name for a table, or an index where the call reads one. */
function arnOf(table: string, input: Input, { aws, region }: CallContext): string {
  const arn = table.startsWith('arn:')
    ? table
    : `arn:${aws.partition}:dynamodb:${region}:${aws.account}:table/${table}`;
  return typeof input.IndexName === 'string' ? `${arn}/index/${input.IndexName}` : arn;
}

export function dynamodbService(
  _aws: Aws,
  _functions?: unknown,
  path?: string,
): RelayedService & { close(): Promise<void> } {
  let server: Server | undefined;
  const listener = async (): Promise<RequestListener> => {
    if (!server) {
      const { default: dynalite } = await import('dynalite');
      server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...(path && { path }) });
    }
    const [first] = server.listeners('request');
    return first as RequestListener;
  };
  return {
    operationNames,
    authorize(operation, input, call) {
      const tables = tablesOf(input);
      const resources = tables.length > 0 ? tables.map(table => arnOf(table, input, call)) : ['*'];
      return resources.map(resource => ({ action: `dynamodb:${operation}`, resource }));
    },
    async relay(request, _operation, _input, call) {
      return callListener(await listener(), withSignature(request, 'dynamodb', call.region));
    },
    async close() {
      const open = server;
      // dynalite closes its store with its server, which answers that it was never listening.
      if (open) await new Promise<void>(resolve => open.close(() => resolve()));
    },
  };
}
