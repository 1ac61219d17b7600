// Reads the configuration and makes the stack.
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { parseConfiguration } from './configuration.ts';
import { ServiceProxyStack } from './service-proxy-stack.ts';

const app = new App();
// `-c configuration=FILE`, or an object under that name in cdk.json.
const given: unknown = app.node.tryGetContext('configuration') ?? {};
const configuration: unknown = typeof given === 'string' ? JSON.parse(readFileSync(given, 'utf8')) : given;
new ServiceProxyStack(app, 'ServiceProxyStack', { configuration: parseConfiguration(configuration) });
