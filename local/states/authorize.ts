// What IAM must allow before an operation of Step Functions runs.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
import type { Authorization, CallContext } from '../service.ts';
import { machineArn } from './arns.ts';

export function authorize(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  { aws }: CallContext,
): readonly Authorization[] {
  const action = `states:${operation}`;
  const { stateMachineArn, executionArn, resourceArn, name, roleArn } = input;
  const passRole =
    typeof roleArn === 'string'
      ? [
          {
            action: 'iam:PassRole',
            resource: roleArn,
            conditions: { 'iam:PassedToService': 'states.amazonaws.com' },
          },
        ]
      : [];
  if (operation === 'CreateStateMachine') {
    return [{ action, resource: machineArn(aws, String(name)) }, ...passRole];
  }
  const resource = stateMachineArn ?? executionArn ?? resourceArn ?? '*';
  return [{ action, resource: String(resource) }, ...(operation === 'UpdateStateMachine' ? passRole : [])];
}
