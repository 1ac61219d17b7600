// An embedded account with an API whose routes a test describes, and calls to its stage.
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiRequest,
  PutIntegrationCommand,
  type PutIntegrationRequest,
  PutIntegrationResponseCommand,
  type PutIntegrationResponseRequest,
  PutMethodCommand,
  type PutMethodRequest,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterEach } from 'vitest';
import { createEmbeddedAws, type EmbeddedOptions } from '../../../local/embedded.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type WithoutPlace<T> = Partial<Omit<T, 'restApiId' | 'resourceId'>>;

interface RouteSetup {
  readonly pathPart?: string;
  readonly httpMethod?: string;
  readonly method?: WithoutPlace<PutMethodRequest>;
  readonly integration?: WithoutPlace<PutIntegrationRequest>;
  readonly responses?: readonly WithoutPlace<PutIntegrationResponseRequest>[];
}

export const jsonTemplate = (template: string) => ({ 'application/json': template });

/** Answers 200 with what its response template makes of the request. */
export const mock = (responseTemplate = '{}'): RouteSetup => ({
  integration: { type: 'MOCK', requestTemplates: jsonTemplate('{"statusCode": 200}') },
  responses: [{ statusCode: '200', responseTemplates: jsonTemplate(responseTemplate) }],
});

export async function aGateway(restApi: Partial<CreateRestApiRequest> = {}, options: EmbeddedOptions = {}) {
  const aws = await createEmbeddedAws(options);
  closing.push(() => aws.close());
  const { region, credentials, requestHandler } = aws;
  const client = { region, credentials, requestHandler, maxAttempts: 1 };
  const gateway = new APIGatewayClient(client);
  const { id: restApiId, rootResourceId } = await gateway.send(
    new CreateRestApiCommand({ name: 'routes', ...restApi }),
  );

  async function addRoute(setup: RouteSetup, parentId = rootResourceId) {
    const { pathPart, httpMethod = 'POST', method, integration, responses = [{ statusCode: '200' }] } = setup;
    const { id: resourceId } = pathPart
      ? await gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart }))
      : { id: parentId };
    const place = { restApiId, resourceId, httpMethod };
    await gateway.send(new PutMethodCommand({ authorizationType: 'NONE', ...place, ...method }));
    await gateway.send(
      new PutIntegrationCommand({ type: 'AWS', integrationHttpMethod: 'POST', ...place, ...integration }),
    );
    for (const response of responses) {
      const headers = Object.keys(response.responseParameters ?? {}).map(name => [name, false]);
      const answer = { ...place, statusCode: response.statusCode };
      const responseParameters = Object.fromEntries(headers);
      await gateway.send(new PutMethodResponseCommand({ ...answer, responseParameters }));
      await gateway.send(new PutIntegrationResponseCommand({ ...answer, ...response }));
    }
    return place;
  }

  /** A role that API Gateway may assume, with this policy. */
  async function aRole(statement: object) {
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const iam = new IAMClient(client);
    const RoleName = 'integration';
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyOf(trust) }),
    );
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'calls', PolicyDocument: policyOf(statement) }),
    );
    return Role?.Arn;
  }

  const deploy = (stageName = 'dev', variables: Record<string, string> = {}) =>
    gateway.send(new CreateDeploymentCommand({ restApiId, stageName, variables }));

  async function call(path: string, request: Partial<Omit<Parameters<typeof aws.http>[0], 'url'>> = {}) {
    const url = `http://${restApiId}.execute-api.${region}.amazonaws.com/dev${path}`;
    const answer = await aws.http({ method: 'POST', headers: {}, ...request, url });
    return { ...answer, json: () => JSON.parse(answer.body) };
  }

  return { aws, client, gateway, restApiId, addRoute, aRole, deploy, call };
}

const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
