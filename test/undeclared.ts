// Calls that functions made in a test although their permissions do not name them; test/setup.ts fails the test for them.
export const undeclared = new Set<string>();
