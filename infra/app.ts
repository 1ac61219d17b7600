// Reads the configuration and makes the stack.
import { App } from 'aws-cdk-lib';
import { readConfiguration } from './configuration.ts';
import { ServiceProxyStack } from './service-proxy-stack.ts';

const app = new App();
new ServiceProxyStack(app, 'ServiceProxyStack', { configuration: readConfiguration(app) });
