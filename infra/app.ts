// Reads the context and makes the stack.
import { App } from 'aws-cdk-lib';
import { ProvisionStack } from './provision-stack.ts';

const app = new App();
new ProvisionStack(app, 'ServiceProxyStack', {});
