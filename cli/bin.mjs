#!/usr/bin/env node
// Runs the command line from its TypeScript sources, without a build step.
import { register } from 'tsx/esm/api';

// The SDK announces Node versions it will need one day; that is for the maintainers, not for every command.
const emit = process.emit.bind(process);
process.emit = (name, ...args) =>
  name === 'warning' && /NodeVersionSupportWarning/.test(`${args[0]?.name} ${args[0]?.message}`)
    ? false
    : emit(name, ...args);

register();
await import('./main.ts');
