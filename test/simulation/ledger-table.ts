// DynamoDB as far as the ledger uses it, in memory and without I/O of its own; anything else is NotImplemented.
import type { AttributeValue, UpdateItemInput } from '@aws-sdk/client-dynamodb';
import { dynamodbService } from '../../local/relays/dynamodb.ts';
import { type Aws, type Service, ServiceError } from '../../local/service.ts';

export type Item = Record<string, AttributeValue>;

export type ItemListener = (key: string, before: Item | undefined, after: Item | undefined) => void;

export interface LedgerTable {
  readonly service: (aws: Aws) => Service;
  /** Partition and sort key, joined by a line break → item. */
  readonly items: ReadonlyMap<string, Item>;
  /** From now on, instead of who listened before. */
  onWrite(listener: ItemListener): void;
  reset(content: ReadonlyMap<string, Item>): void;
}

const keyOf = (item: Item | undefined) => `${item?.pk?.S}\n${item?.sk?.S}`;
const numberOf = (value: AttributeValue | undefined) =>
  value?.N === undefined ? undefined : Number(value.N);

interface Names {
  readonly ExpressionAttributeValues?: Item | undefined;
}

const unknownExpression = (text: string) =>
  new ServiceError('NotImplemented', 501, `NotImplemented: expression ${text}`);

function operand(
  text: string,
  item: Item,
  { ExpressionAttributeValues = {} }: Names,
): AttributeValue | undefined {
  return text.startsWith(':') ? ExpressionAttributeValues[text] : item[text];
}

function term(text: string, item: Item, names: Names): boolean {
  const absent = /^attribute_not_exists\((\w+)\)$/.exec(text)?.[1];
  if (absent !== undefined) return item[absent] === undefined;
  const [, left = '', operator, right = ''] = /^([\w:]+) (=|<=|<|>) ([\w:]+)$/.exec(text) ?? [];
  const [one, other] = [operand(left, item, names), operand(right, item, names)];
  if (operator === undefined) throw unknownExpression(text);
  if (one === undefined || other === undefined) return false;
  if (operator === '=') return JSON.stringify(one) === JSON.stringify(other);
  const [a, b] = [numberOf(one) ?? Number.NaN, numberOf(other) ?? Number.NaN];
  return operator === '<' ? a < b : operator === '<=' ? a <= b : a > b;
}

const holds = (condition: string | undefined, item: Item, names: Names) =>
  condition === undefined ||
  condition
    .split(' OR ')
    .some(alternative => alternative.split(' AND ').every(one => term(one.trim(), item, names)));

/** `pk = :pk`, alone or with one condition on the sort key. */
function holdsKey(condition: string, item: Item, names: Names): boolean {
  const [partition = '', ...rest] = condition.split(' AND ');
  if (!term(partition, item, names)) return false;
  const onSort = rest.join(' AND ');
  const sort = item.sk?.S ?? '';
  const value = (name = '') => operand(name, item, names)?.S ?? '';
  const prefix = /^begins_with\(sk, (:\w+)\)$/.exec(onSort);
  if (prefix) return sort.startsWith(value(prefix[1]));
  const range = /^sk BETWEEN (:\w+) AND (:\w+)$/.exec(onSort);
  if (range) return sort >= value(range[1]) && sort <= value(range[2]);
  if (onSort !== '') throw unknownExpression(condition);
  return true;
}

function valueFrom(text: string, item: Item, names: Names): AttributeValue {
  const [first = '', second] = text.split(' + ');
  const one = operand(first, item, names);
  if (second === undefined) {
    if (one === undefined) throw unknownExpression(text);
    return one;
  }
  return { N: String((numberOf(one) ?? 0) + (numberOf(operand(second, item, names)) ?? 0)) };
}

function updated(item: Item, input: UpdateItemInput): Item {
  const { Key, UpdateExpression = '' } = input;
  const [, set, remove] = /^(?:SET (.+?))?(?: ?REMOVE (.+))?$/.exec(UpdateExpression) ?? [];
  if (set === undefined && remove === undefined) throw unknownExpression(UpdateExpression);
  const next: Item = { ...Key, ...item };
  for (const part of set?.split(', ') ?? []) {
    const [name = '', value = ''] = part.split(' = ');
    next[name] = valueFrom(value, item, input);
  }
  for (const name of remove?.split(', ') ?? []) delete next[name];
  return next;
}

export function ledgerTable(): LedgerTable {
  const items = new Map<string, Item>();
  let listener: ItemListener = () => {};
  const write = (key: string, after: Item | undefined) => {
    const before = items.get(key);
    if (after) items.set(key, after);
    else items.delete(key);
    listener(key, before, after);
  };
  const check = (condition: string | undefined, item: Item | undefined, names: Names) => {
    if (!holds(condition, item ?? {}, names))
      throw new ServiceError('ConditionalCheckFailedException', 400, 'The conditional request failed');
  };
  return {
    items,
    onWrite(given) {
      listener = given;
    },
    reset(content) {
      listener = () => {};
      items.clear();
      for (const [key, item] of content) items.set(key, item);
    },
    service: aws => ({
      authorize: dynamodbService(aws).authorize,
      operations: {
        GetItem: ({ Key }) => (items.has(keyOf(Key)) ? { Item: items.get(keyOf(Key)) } : {}),
        PutItem(input) {
          check(input.ConditionExpression, items.get(keyOf(input.Item)), input);
          write(keyOf(input.Item), input.Item);
          return {};
        },
        DeleteItem(input) {
          check(input.ConditionExpression, items.get(keyOf(input.Key)), input);
          write(keyOf(input.Key), undefined);
          return {};
        },
        UpdateItem(input) {
          const item = items.get(keyOf(input.Key));
          check(input.ConditionExpression, item, input);
          const next = updated(item ?? {}, input);
          write(keyOf(input.Key), next);
          return input.ReturnValues === 'UPDATED_NEW' ? { Attributes: next } : {};
        },
        Query(input) {
          if (input.FilterExpression || input.IndexName) throw unknownExpression('of a filter or an index');
          const names: Names = input;
          const found = [...items.values()].filter(item =>
            holdsKey(input.KeyConditionExpression, item, names),
          );
          return { Items: found.sort((one, other) => (String(one.sk?.S) < String(other.sk?.S) ? -1 : 1)) };
        },
      },
    }),
  };
}
