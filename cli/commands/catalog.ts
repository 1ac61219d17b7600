// catalog: what can be exposed, how, and with which permissions.
import type { Command } from 'commander';
import { ofOperation, ofService, overview } from '../catalog-answers.ts';
import { operationInWords, overviewInWords, serviceInWords } from '../catalog-words.ts';

interface Answer {
  readonly json: object;
  readonly words: string;
}

function lookUp(service?: string, action?: string): Answer {
  if (service === undefined) {
    const all = overview();
    return { json: all, words: overviewInWords(all) };
  }
  if (action === undefined) {
    const operations = ofService(service);
    return { json: operations, words: serviceInWords(operations) };
  }
  const operation = ofOperation(service, action);
  return { json: operation, words: operationInWords(operation) };
}

export function addCatalog(program: Command, end: (code: number) => void): void {
  program
    .command('catalog [service] [action]')
    .description('what can be exposed, how, and with which permissions')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy catalog\n    service-proxy catalog kinesis\n    service-proxy catalog sns ListTopics --json',
    )
    .action((service: string | undefined, action: string | undefined, flags: { json?: boolean }) => {
      const { json, words } = lookUp(service, action);
      process.stdout.write(`${flags.json ? JSON.stringify(json) : words}\n`);
      end(0);
    });
}
