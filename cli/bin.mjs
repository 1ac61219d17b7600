#!/usr/bin/env node
// Runs the command line from its TypeScript sources, without a build step. The only process.exit.
import module from 'node:module';
import { compiledMain } from './compiled.mjs';

// The SDK announces Node versions it will need one day; that is for the maintainers, not for every command.
process.removeAllListeners('warning');
process.on('warning', warning => {
  if (!`${warning.name} ${warning.message}`.includes('NodeVersionSupportWarning'))
    process.stderr.write(`${warning.name}: ${warning.message}\n`);
});

module.enableCompileCache?.(); // from Node 22.1
const { main } = await import(await compiledMain());
process.exit(await main(process.argv.slice(2)));
