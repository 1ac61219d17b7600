// Names and ARNs of state machines and executions.
import type { Aws } from '../service.ts';
import { checkPresent, invalidArn, invalidName } from './errors.ts';

type Account = Pick<Aws, 'partition' | 'region' | 'account'>;

export const machineArn = ({ partition, region, account }: Account, name: string) =>
  `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;

export const executionArn = (stateMachineArn: string, name: string) =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

export const nameIn = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);

/** Names of at most 80 characters without what AWS forbids in them. */
export function checkName(name: string | undefined): string {
  checkPresent('name', name);
  const isValid =
    name && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/]/u.test(name) && !hasControl(name);
  if (!isValid) throw invalidName(name ?? '');
  return name;
}

const hasControl = (name: string) =>
  [...name].some(character => character < ' ' || /[\u007f-\u009f]/.test(character));

/** The ARN where it names such a resource of this service; throws InvalidArn otherwise. */
export function checkArn(
  member: string,
  arn: string | undefined,
  type: 'stateMachine' | 'execution',
): string {
  checkPresent(member, arn);
  const parts = (arn ?? '').split(':');
  if (parts[0] !== 'arn' || parts.length < 7) throw invalidArn(`Invalid ARN prefix: ${arn}`);
  if (parts[2] !== 'states') throw invalidArn(`Invalid ARN service: ${arn}`);
  if (parts[5] !== type) throw invalidArn(`Resource type not valid in this context: ${parts[5]}`);
  return arn ?? '';
}
