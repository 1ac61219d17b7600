// The tags of state machines.
import type { ListTagsForResourceInput, TagResourceInput, UntagResourceInput } from '@aws-sdk/client-sfn';
import type { Aws } from '../service.ts';
import { checkArn } from './arns.ts';
import { resourceMissing } from './errors.ts';
import { type MachineDocument, machines } from './records.ts';

export const tagOperations = (aws: Aws) => ({
  TagResource(input: TagResourceInput) {
    const machine = findTagged(aws, input.resourceArn);
    const given = input.tags ?? [];
    const kept = machine.tags.filter(tag => !given.some(({ key }) => key === tag.key));
    machines(aws).set(machine.stateMachineArn, { ...machine, tags: [...kept, ...given] });
    return {};
  },

  UntagResource(input: UntagResourceInput) {
    const machine = findTagged(aws, input.resourceArn);
    const tags = machine.tags.filter(({ key }) => !input.tagKeys?.includes(key ?? ''));
    machines(aws).set(machine.stateMachineArn, { ...machine, tags });
    return {};
  },

  ListTagsForResource: (input: ListTagsForResourceInput) => ({
    tags: findTagged(aws, input.resourceArn).tags,
  }),
});

function findTagged(aws: Aws, arn: string | undefined): MachineDocument {
  const checked = checkArn('resourceArn', arn, 'stateMachine');
  const machine = machines(aws).get(checked);
  if (!machine) throw resourceMissing(checked);
  return machine;
}
