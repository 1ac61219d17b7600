// DynamoDB, by dynalite.
import type { Aws, CallContext, RelayedService } from '../service.ts';
import { type Library, openLibrary } from './library.ts';
import { withSignature } from './listener.ts';

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

const changesTable = new Set(['CreateTable', 'UpdateTable', 'DeleteTable']);

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

const readsOnly = /^(?:BatchGet|Describe|Get|List|Query|Scan)/;

export function dynamodbService(aws: Aws): RelayedService & { close(): Promise<void> } {
  let library: Promise<Library> | undefined;

  const open = async (): Promise<Library> => {
    const [{ default: dynalite }, { default: database }] = await Promise.all([
      import('dynalite'),
      import('dynalite/db/index.js'),
    ]);
    const options = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
    return openLibrary(aws, dynalite, database, options, 'dynamodb');
  };

  const relay: RelayedService['relay'] = async (request, operation, input, call) => {
    library ??= open();
    const { answer, write } = await library;
    const headers = { ...request.headers, 'content-type': 'application/x-amz-json-1.0' };
    const signed = withSignature({ ...request, headers, path: '/', query: '' }, 'dynamodb', call.region);
    const perform = async () => {
      const response = await answer(signed);
      if (response.status === 200 && changesTable.has(operation)) await settle(input, call);
      return response;
    };
    const response = await (readsOnly.test(operation) ? perform() : write(perform));
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': call.requestId } };
  };

  /** The table is in its new state once the caller knows that it was asked for. */
  async function settle(input: Input, call: CallContext): Promise<void> {
    const body = Buffer.from(JSON.stringify({ TableName: input.TableName }));
    const headers = { 'x-amz-target': 'DynamoDB_20120810.DescribeTable' };
    const request = { method: 'POST', path: '/', query: '', headers, body };
    for (;;) {
      const { status, body: answer } = await relay(request, 'DescribeTable', input, call);
      const isChanging = /"TableStatus":"(CREATING|UPDATING|DELETING)"/.test(Buffer.from(answer).toString());
      if (status !== 200 || !isChanging) return;
      await new Promise(resolve => setImmediate(resolve));
    }
  }

  return {
    operationNames,
    authorize(operation, input, call) {
      const tables = tablesOf(input);
      const resources = tables.length > 0 ? tables.map(table => arnOf(table, input, call)) : ['*'];
      return resources.map(resource => ({ action: `dynamodb:${operation}`, resource }));
    },
    relay,
    async close() {
      await (await library)?.close();
    },
  };
}
