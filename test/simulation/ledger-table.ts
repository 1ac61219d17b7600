// DynamoDB as far as the ledger uses it, in memory and without I/O of its own; anything else is NotImplemented.
import type { AttributeValue, UpdateItemInput, WriteRequest } from '@aws-sdk/client-dynamodb';
import { dynamodbService } from '../../local/relays/dynamodb.ts';
import { type Aws, type Operation, type Service, ServiceError } from '../../local/service.ts';
import { checkRequest } from './dynamodb-rules.ts';

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

type Test = (item: Item, names: Names) => boolean;

/** There are few expressions, and many calls with each. */
function readOnce<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return text => {
    const made = known.get(text) ?? read(text);
    known.set(text, made);
    return made;
  };
}

const term = (text: string): Test => {
  const absent = /^attribute_not_exists\((\w+)\)$/.exec(text)?.[1];
  if (absent !== undefined) return item => item[absent] === undefined;
  const [, not, name = '', start = ''] = /^(NOT )?begins_with\((\w+), (:\w+)\)$/.exec(text) ?? [];
  if (start !== '') {
    return (item, names) => {
      const prefix = operand(start, item, names)?.S ?? '';
      return (item[name]?.S?.startsWith(prefix) ?? false) === (not === undefined);
    };
  }
  const [, left = '', operator, right = ''] = /^([\w:]+) (=|<=|<|>) ([\w:]+)$/.exec(text) ?? [];
  if (operator === undefined) throw unknownExpression(text);
  return (item, names) => {
    const [one, other] = [operand(left, item, names), operand(right, item, names)];
    if (one === undefined || other === undefined) return false;
    if (operator === '=') return JSON.stringify(one) === JSON.stringify(other);
    const [a, b] = [numberOf(one) ?? Number.NaN, numberOf(other) ?? Number.NaN];
    return operator === '<' ? a < b : operator === '<=' ? a <= b : a > b;
  };
};

const condition = readOnce((text): Test => {
  const alternatives = text.split(' OR ').map(one => one.split(' AND ').map(part => term(part.trim())));
  return (item, names) => alternatives.some(terms => terms.every(holds => holds(item, names)));
});

/** `pk = :pk`, alone or with one condition on the sort key, which is what this gives. */
const sortCondition = readOnce((text): ((sort: string, names: Names) => boolean) => {
  const onSort = /^pk = :pk(?: AND (.+))?$/.exec(text)?.[1];
  if (onSort === undefined && text !== 'pk = :pk') throw unknownExpression(text);
  if (onSort === undefined) return () => true;
  const value = ({ ExpressionAttributeValues = {} }: Names, name = '') =>
    ExpressionAttributeValues[name]?.S ?? '';
  const prefix = /^begins_with\(sk, (:\w+)\)$/.exec(onSort);
  if (prefix) return (sort, names) => sort.startsWith(value(names, prefix[1]));
  const range = /^sk BETWEEN (:\w+) AND (:\w+)$/.exec(onSort);
  if (!range) throw unknownExpression(text);
  return (sort, names) => sort >= value(names, range[1]) && sort <= value(names, range[2]);
});

function valueFrom(text: string, item: Item, names: Names): AttributeValue {
  const [first = '', second] = text.split(' + ');
  const one = operand(first, item, names);
  if (second === undefined) {
    if (one === undefined) throw unknownExpression(text);
    return one;
  }
  return { N: String((numberOf(one) ?? 0) + (numberOf(operand(second, item, names)) ?? 0)) };
}

const change = readOnce(text => {
  const [, set, remove] = /^(?:SET (.+?))?(?: ?REMOVE (.+))?$/.exec(text) ?? [];
  if (set === undefined && remove === undefined) throw unknownExpression(text);
  const parts = set?.split(', ').map(part => part.split(' = ')) ?? [];
  return { parts, removed: remove?.split(', ') ?? [] };
});

function updated(item: Item, input: UpdateItemInput): Item {
  const { Key, UpdateExpression = '' } = input;
  const { parts, removed } = change(UpdateExpression);
  const next: Item = { ...Key, ...item };
  for (const [name = '', value = ''] of parts) next[name] = valueFrom(value, item, input);
  for (const name of removed) delete next[name];
  return next;
}

export interface TableLimits {
  /** Items on a page; those of DynamoDB hold 1 MB. */
  readonly pageSize?: number;
  /** Writes of a batch that are taken; DynamoDB leaves some where it has no room for all. */
  readonly batchSize?: number;
}

export function ledgerTable(limits: TableLimits = {}): LedgerTable {
  const { pageSize = Number.POSITIVE_INFINITY, batchSize = 25 } = limits;
  const items = new Map<string, Item>();
  /** Partition key → sort key → item. */
  const partitions = new Map<string, Map<string, Item>>();
  let listener: ItemListener = () => {};
  const keep = (key: string, item: Item | undefined) => {
    const [pk = '', sk = ''] = key.split('\n');
    const partition = partitions.get(pk) ?? new Map<string, Item>();
    partitions.set(pk, partition);
    if (item) {
      items.set(key, item);
      partition.set(sk, item);
    } else {
      items.delete(key);
      partition.delete(sk);
    }
  };
  /** An eventually consistent read may not see the last write. */
  let last: { readonly key: string; readonly before: Item | undefined } | undefined;
  const write = (key: string, after: Item | undefined) => {
    const before = items.get(key);
    last = { key, before };
    keep(key, after);
    listener(key, before, after);
  };
  const check = (text: string | undefined, item: Item | undefined, names: Names) => {
    if (text !== undefined && !condition(text)(item ?? {}, names))
      throw new ServiceError('ConditionalCheckFailedException', 400, 'The conditional request failed');
  };
  const seen = (isConsistent: boolean | undefined): ReadonlyMap<string, Item> => {
    if (isConsistent || !last) return items;
    const past = new Map(items);
    if (last.before) past.set(last.key, last.before);
    else past.delete(last.key);
    return past;
  };
  const page = (found: readonly Item[], after: Item | undefined) => {
    const start = after ? 1 + found.findIndex(item => keyOf(item) === keyOf(after)) : 0;
    const Items = found.slice(start, start + pageSize);
    const end = Items.at(-1);
    const isMore = end !== undefined && start + pageSize < found.length;
    return { Items, ...(isMore && { LastEvaluatedKey: { pk: end.pk, sk: end.sk } }) };
  };
  return {
    items,
    onWrite(given) {
      listener = given;
    },
    reset(content) {
      listener = () => {};
      items.clear();
      partitions.clear();
      last = undefined;
      for (const [key, item] of content) keep(key, item);
    },
    service: aws => ({
      authorize: dynamodbService(aws).authorize,
      operations: checked({
        GetItem({ Key, ConsistentRead }) {
          const item = seen(ConsistentRead).get(keyOf(Key));
          return item ? { Item: item } : {};
        },
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
        BatchWriteItem(input) {
          const [[name, requests]] = Object.entries(input.RequestItems) as [[string, WriteRequest[]]];
          for (const { PutRequest, DeleteRequest } of requests.slice(0, batchSize))
            write(keyOf(PutRequest?.Item ?? DeleteRequest?.Key), PutRequest?.Item);
          const left = requests.slice(batchSize);
          return { UnprocessedItems: left.length > 0 ? { [name]: left } : {} };
        },
        Query(input) {
          if (input.FilterExpression || input.IndexName) throw unknownExpression('of a filter or an index');
          const { KeyConditionExpression, ExpressionAttributeValues } = input;
          const isWanted = sortCondition(KeyConditionExpression);
          const pk = ExpressionAttributeValues[':pk']?.S;
          const partition = input.ConsistentRead
            ? (partitions.get(pk) ?? new Map<string, Item>())
            : new Map(
                [...seen(false).values()].filter(one => one.pk?.S === pk).map(one => [one.sk?.S ?? '', one]),
              );
          const found = [...partition].filter(([sort]) => isWanted(sort, input));
          const sorted = found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item);
          return page(sorted, input.ExclusiveStartKey);
        },
        Scan(input) {
          if (input.IndexName) throw unknownExpression('of an index');
          const isWanted = input.FilterExpression ? condition(input.FilterExpression) : () => true;
          const { Items, ...more } = page([...seen(input.ConsistentRead).values()], input.ExclusiveStartKey);
          return { ...more, Items: Items.filter(item => isWanted(item, input)) };
        },
      }),
    }),
  };
}

const checked = (operations: Service['operations']): Service['operations'] =>
  Object.fromEntries(
    Object.entries(operations).map(([name, run]): [string, Operation] => [
      name,
      (input, call) => {
        checkRequest(input);
        return run(input, call);
      },
    ]),
  );
