// Event buses: CreateEventBus, DescribeEventBus, ListEventBuses, DeleteEventBus.
import type * as Sdk from '@aws-sdk/client-eventbridge';
import type { Aws, Operation } from '../service.ts';
import { busExists, notImplemented, validation, violated } from './errors.ts';
import { type BusDocument, busArn, buses, busName, defaultBus, findBus, rules } from './model.ts';
import { page } from './paging.ts';

const describe = ({ name, arn, description, createdAt }: BusDocument) => ({
  Name: name,
  Arn: arn,
  ...(description !== undefined && { Description: description }),
  ...(createdAt > 0 && { CreationTime: new Date(createdAt), LastModifiedTime: new Date(createdAt) }),
});

export function busOperations(aws: Aws): Record<string, Operation> {
  return {
    CreateEventBus(input: Sdk.CreateEventBusRequest): Sdk.CreateEventBusResponse {
      const { Name = '', Description, Tags = [], ...rest } = input;
      const unsupported = Object.entries(rest).find(([, value]) => value !== undefined);
      if (unsupported) throw notImplemented(`${unsupported[0]} of CreateEventBus`);
      if (!/^[\w.-]{1,256}$/.test(Name)) {
        throw violated('name', Name, 'Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+');
      }
      if (Name === defaultBus || buses(aws).has(Name)) throw busExists(Name);
      const arn = busArn(aws, Name);
      const document: BusDocument = {
        name: Name,
        arn,
        ...(Description !== undefined && { description: Description }),
        createdAt: aws.clock.now(),
        tags: Tags,
      };
      buses(aws).set(Name, document);
      return { EventBusArn: arn, ...(Description !== undefined && { Description }) };
    },

    DescribeEventBus: ({ Name }: Sdk.DescribeEventBusRequest): Sdk.DescribeEventBusResponse =>
      describe(findBus(aws, Name)),

    ListEventBuses(input: Sdk.ListEventBusesRequest): Sdk.ListEventBusesResponse {
      const all = [findBus(aws, defaultBus), ...buses(aws).values()];
      const found = all.filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
      const { items, ...next } = page(found, input);
      return { EventBuses: items.map(describe), ...next };
    },

    // What is not there counts as deleted.
    DeleteEventBus({ Name }: Sdk.DeleteEventBusRequest): object {
      const name = busName(Name);
      if (name === defaultBus) throw validation('Cannot delete event bus default.');
      if ([...rules(aws).values()].some(({ bus }) => bus === name)) {
        throw validation(`Event bus ${name} can't be deleted since it has rules.`);
      }
      buses(aws).delete(name);
      return {};
    },
  };
}
