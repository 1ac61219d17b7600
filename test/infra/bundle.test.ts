// The code that is deployed: every function of the stack has its bundle, and those that look operations up the catalog.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { ServiceProxyStack } from '../../infra/service-proxy-stack.ts';

it('holds a handler for each function of the stack', async () => {
  const files = new Set<string>();
  const code = Code.fromAsset(fileURLToPath(new URL('.', import.meta.url)));
  new ServiceProxyStack(new App(), 'Bundled', {
    code: file => {
      files.add(file);
      return code;
    },
  });
  const directory = bundleFunctions();
  expect([...files].filter(file => !existsSync(`${directory}/${file}/index.mjs`))).toEqual([]);
  for (const file of ['plan-changes', 'receive-request']) {
    expect(existsSync(`${directory}/${file}/services/index.json`)).toBe(true);
  }
}, 120_000);
