// Many routes in one execution: one deployment, and a state document that stays small.
import { afterEach, expect, it } from 'vitest';
import { readHistory } from '../../handlers/execution-history.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const largestState = 32 * 1024;

/** Long paths and role names, so that every line about a route is long. */
const manyRoutes = {
  stage: 'test',
  api: walkthroughInput.api,
  authorization: { type: 'NONE' },
  acceptPublic: true,
  routes: Array.from({ length: 24 }, (_, index) => ({
    service: 'sns',
    action: 'ListTopics',
    path: `/topics-of-the-department-with-a-long-name/number-${index}`,
  })),
};

async function largestDocument({ engine }: TestAccount, executionArn: string): Promise<number> {
  const events = await readHistory(engine.sfn, executionArn);
  const documents = events
    .slice(2) // the execution's own input, and the first state's
    .map(event => event.stateEnteredEventDetails?.input ?? event.stateExitedEventDetails?.output ?? '');
  return Math.max(...documents.map(document => Buffer.byteLength(document)));
}

it('24 routes take one deployment, and no state document reaches 32 KiB', async () => {
  account = await openAccount();
  const result = await account.run(manyRoutes);
  expect(result.status).toBe('SUCCEEDED');
  expect(await largestDocument(account, result.executionArn)).toBeLessThan(largestState);
});

it('24 routes that are rolled back keep the state document as small', async () => {
  account = await openAccount([
    {
      service: 'lambda',
      operation: 'Invoke',
      functionName: 'service-proxy-VerifyStage',
      kind: 'serverError',
      when: 'before',
    },
  ]);
  const result = await account.run(manyRoutes);
  expect(result).toMatchObject({ status: 'FAILED', failedState: 'VerifyStage', notRolledBack: [] });
  expect(await largestDocument(account, result.executionArn)).toBeLessThan(largestState);
});
