// The routes that the scenarios provision.
import type { Input } from './playing.ts';

export const signed: Input = {
  ...{ service: 'sns', action: 'ListTopics', stage: 'test', api: { name: 'Signed' } },
};

export const queueArn = 'arn:aws:sqs:us-east-1:000000000000:orders';
const api = { name: 'Orders' };

/** A request validator, a model, CORS, tags. */
export const orders: Input = {
  ...{ service: 'sqs', action: 'SendMessage', stage: 'test', api, path: '/orders' },
  ...{ resources: [queueArn], cors: { origins: ['https://example.com'] }, tags: { team: 'shop' } },
  parameters: {
    QueueUrl: { value: 'http://sqs.us-east-1.localhost/000000000000/orders' },
    MessageBody: { from: 'body' },
  },
  test: { skip: 'it would send a message' },
};

/** Another definition of the same route: another model and another role. */
export const changedOrders: Input = {
  ...orders,
  parameters: { ...(orders.parameters as Input), DelaySeconds: { value: 5 } },
  resources: [queueArn, `${queueArn}-of-today`],
};

export const photos: Input = {
  ...{ service: 's3', action: 'GetObject', stage: 'test', api },
  ...{ resources: ['arn:aws:s3:::photos/*'], test: { skip: 'there is no object' } },
  path: '/photos/{Bucket}/{Key}',
  cors: { origins: ['https://photos.example.com'] },
};

/** For the users of a Cognito user pool, in the same API. */
export const members: Input = {
  ...{ service: 'sns', action: 'ListTopics', stage: 'test', api, path: '/members' },
  authorization: {
    type: 'COGNITO_USER_POOLS',
    arn: 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_members',
  },
};

/** In an API that is there already: taking the API away would take everything along. */
export const inExisting: readonly Input[] = [{ ...signed, api }, orders];

export const removalOf = (input: Input): Input => ({ ...input, operation: 'remove' });
