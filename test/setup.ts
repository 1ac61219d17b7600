// After every test: no function has made a call that it did not declare, even one whose refusal it got over.
import { afterEach, expect } from 'vitest';
import { undeclared } from './undeclared.ts';

afterEach(() => {
  const found = [...undeclared];
  undeclared.clear();
  expect(found).toEqual([]);
});
