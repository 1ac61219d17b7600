// What simulated executions ask for.

export const topicArn = 'arn:aws:sns:us-east-1:000000000000:orders';

export const stageName = 'test';

export const listTopics = { service: 'sns', action: 'ListTopics', path: '/p', httpMethod: 'GET' };
export const publish = {
  service: 'sns',
  action: 'Publish',
  path: '/p/items',
  httpMethod: 'POST',
  authorization: { type: 'AWS_IAM' },
  resources: [topicArn],
};

/** One route that is tested and called, and one with a body, and so a model and a validator. */
export function inputFor(
  api: object,
  routes: readonly object[] = [listTopics, publish],
  stage = stageName,
): object {
  return { stage, api, authorization: { type: 'NONE' }, acceptPublic: true, routes };
}

export const route = (path: string, action = 'ListTopics'): object => ({ ...listTopics, path, action });

/** As many as are put by one import: eleven, one of them with a body. */
export const manyRoutes = (action = 'ListTopics'): object[] => [
  ...Array.from({ length: 10 }, (_, index) => route(`/p/r${index}`, action)),
  publish,
];

export const withCors = (route: object, origin: string): object => ({
  ...route,
  cors: { origins: [origin] },
});
