// Reads the configuration and makes the stack; with `-c target=true` the one that another account needs instead.
import { App } from 'aws-cdk-lib';
import { readConfiguration } from './configuration.ts';
import { ServiceProxyStack } from './service-proxy-stack.ts';
import { ServiceProxyTargetStack } from './target-role.ts';

const app = new App();
const configuration = readConfiguration(app);
if (app.node.tryGetContext('target'))
  new ServiceProxyTargetStack(app, 'ServiceProxyTargetStack', { configuration });
else new ServiceProxyStack(app, 'ServiceProxyStack', { configuration });
