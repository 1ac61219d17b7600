// What DynamoDB refuses before it looks at an item: a request that is not well formed.
import type { AttributeValue, WriteRequest } from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../../local/service.ts';
import { ledgerTable } from '../../statemachine/settings.ts';

interface Request {
  readonly TableName?: string;
  readonly Key?: Readonly<Record<string, AttributeValue>>;
  readonly Item?: Readonly<Record<string, AttributeValue>>;
  readonly ExclusiveStartKey?: Readonly<Record<string, AttributeValue>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
}

const expressions = [
  'ConditionExpression',
  'UpdateExpression',
  'KeyConditionExpression',
  'FilterExpression',
] as const;

const invalid = (message: string) => new ServiceError('ValidationException', 400, message);

/** With the messages of DynamoDB's API reference. @throws ServiceError `ValidationException`. */
export function checkRequest(
  input: Request &
    Partial<Record<(typeof expressions)[number], string>> & {
      readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[]>>;
    },
): void {
  if (input.RequestItems) {
    for (const [TableName, requests] of Object.entries(input.RequestItems)) {
      if (requests.length < 1 || requests.length > 25)
        throw invalid('Too many items requested for the BatchWriteItem call');
      for (const { PutRequest, DeleteRequest } of requests)
        checkRequest({ TableName, Key: PutRequest?.Item ?? DeleteRequest?.Key ?? {} });
    }
    return;
  }
  if (input.TableName !== ledgerTable)
    throw new ServiceError('ResourceNotFoundException', 400, 'Requested resource not found');
  for (const key of [input.Key, input.Item, input.ExclusiveStartKey]) {
    if (!key) continue;
    for (const name of ['pk', 'sk'])
      if (!key[name]?.S) throw invalid(`The provided key element ${name} is missing, or an empty string`);
    for (const value of Object.values(key))
      if (!hasOneType(value)) throw invalid('Supplied AttributeValue is empty');
  }
  const given = expressions.flatMap(name => input[name] ?? []);
  if (given.includes('')) throw invalid('The expression can not be empty;');
  const used = new Set(given.flatMap(text => text.match(/:\w+/g) ?? []));
  const values = input.ExpressionAttributeValues ?? {};
  for (const name of used)
    if (!values[name])
      throw invalid(`An expression attribute value used in expression is not defined: ${name}`);
  for (const [name, value] of Object.entries(values)) {
    if (!used.has(name))
      throw invalid(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${name}}`);
    if (!hasOneType(value)) throw invalid('Supplied AttributeValue is empty');
  }
}

const hasOneType = (value: AttributeValue) =>
  Object.values(value).filter(one => one !== undefined && one !== 'NaN').length === 1;
