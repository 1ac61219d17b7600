// Permissions that no scenario can miss, and why they stand all the same.

export interface Exception {
  /** Function, and action or resource, as `npm run prove:policies` names them. */
  readonly permission: string;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    permission: 'DeleteRole iam:GetRole on arn:aws:iam::000000000000:role/service-proxy-*',
    reason:
      'it asks for a role that never came to be; TakeInventory looks again, so the end of the execution is the same when the question is refused',
  },
  {
    permission: 'DeleteIntegration dynamodb:DeleteItem',
    reason:
      'it leaves the line for a lock that its execution lost to another one on the way back: a lease of 15 minutes would have to end in that very state',
  },
  {
    permission: 'StartRequest sqs:GetQueueAttributes',
    reason:
      'Lambda refuses an event source mapping whose function\'s role lacks it (its guide: "Creating and configuring an Amazon SQS event source mapping"); it is no call of the function',
  },
];
