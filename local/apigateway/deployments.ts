// CreateDeployment, GetDeployment(s), UpdateDeployment, DeleteDeployment: frozen states of an API.
import type {
  CreateDeploymentRequest,
  DeleteDeploymentRequest,
  Deployment,
  Deployments,
  GetDeploymentRequest,
  GetDeploymentsRequest,
  UpdateDeploymentRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, nonEmpty } from './defined.ts';
import { badRequest, notFound } from './errors.ts';
import { findRestApi } from './find.ts';
import { parseIntegrationArn } from './integration-uri.ts';
import { type ApiSnapshot, collections, type DeploymentDocument, snapshotOf } from './model.ts';
import { pageOf } from './paging.ts';
import { applyPatch, type PatchTable } from './patch.ts';
import { stageFor } from './stages.ts';

// AWS publishes no list. These have been reported as refused.
const refusedServices = ['execute-api', 'apigateway', 'apigatewaymanagementapi', 'bedrock-agentcore'];

export function deploymentOperations(aws: Aws) {
  const { deployments, stages } = collections(aws);
  const store = (deployment: DeploymentDocument) =>
    deployments.set(`${deployment.restApiId}/${deployment.id}`, deployment);

  function find(restApiId: string | undefined, deploymentId: string | undefined): DeploymentDocument {
    const deployment = deployments.get(`${restApiId}/${deploymentId}`);
    if (!deployment) throw notFound('Invalid Deployment identifier specified');
    return deployment;
  }

  /** A canary is released beside what a stage serves already. */
  function checkCanary(restApiId: string, { stageName, canarySettings }: CreateDeploymentRequest): void {
    if (!canarySettings) return;
    const start = 'Invalid deployment content specified.';
    if (!stageName) {
      throw badRequest(
        `${start}Non null and non empty stageName must be provided for canary deployment. Provided value is ${stageName ?? 'null'}`,
      );
    }
    if (!stages.has(`${restApiId}/${stageName}`)) {
      throw badRequest(
        `${start}Stage ${stageName} must already be created before making a canary release deployment`,
      );
    }
  }

  return {
    /** A stage that exists already is pointed at the new deployment. */
    CreateDeployment(input: CreateDeploymentRequest): Deployment {
      const restApi = findRestApi(aws, input.restApiId);
      checkCanary(restApi.id, input);
      const snapshot = snapshotOf(aws, restApi);
      checkDeployable(snapshot);
      const deployment: DeploymentDocument = {
        restApiId: restApi.id,
        id: aws.ids.alphanumeric(6),
        ...(input.description ? { description: input.description } : {}),
        createdDate: aws.clock.now(),
        snapshot,
      };
      const stage = input.stageName ? stageFor(aws, deployment, input) : undefined;
      store(deployment);
      if (stage) stages.set(`${restApi.id}/${stage.stageName}`, stage);
      return present(deployment);
    },

    GetDeployment({ restApiId, deploymentId, embed }: GetDeploymentRequest): Deployment {
      const deployment = find(restApiId, deploymentId);
      const wanted = embed?.some(name => name.toLowerCase() === 'apisummary');
      return wanted
        ? { ...present(deployment), apiSummary: summaryOf(deployment.snapshot) }
        : present(deployment);
    },

    GetDeployments({ restApiId, ...page }: GetDeploymentsRequest): Deployments {
      const { id } = findRestApi(aws, restApiId);
      const ofApi = [...deployments.values()].filter(deployment => deployment.restApiId === id);
      const { items, position } = pageOf(ofApi, deployment => deployment.id, page);
      return defined({ items: items.map(present), position });
    },

    UpdateDeployment({ restApiId, deploymentId, patchOperations }: UpdateDeploymentRequest): Deployment {
      const deployment = defined(applyPatch(find(restApiId, deploymentId), patchOperations, deploymentPatch));
      store(deployment);
      return present(deployment);
    },

    DeleteDeployment({ restApiId, deploymentId }: DeleteDeploymentRequest): object {
      const { id } = find(restApiId, deploymentId);
      for (const stage of stages.values()) {
        if (stage.restApiId !== restApiId) continue;
        if (stage.deploymentId === id) {
          throw badRequest('Active stages pointing to this deployment must be moved or deleted');
        }
        if (stage.canarySettings?.deploymentId === id) {
          throw badRequest(
            'Active stages with canary settings pointing to this deployment must be moved or deleted',
          );
        }
      }
      deployments.delete(`${restApiId}/${id}`);
      return {};
    },
  } satisfies Record<string, Operation>;
}

function checkDeployable(snapshot: ApiSnapshot): void {
  const methods = snapshot.resources.flatMap(resource => Object.values(resource.resourceMethods));
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  for (const { methodIntegration } of methods) {
    if (!methodIntegration) throw badRequest('No integration defined for method');
    if (methodIntegration.type !== 'AWS' && methodIntegration.type !== 'AWS_PROXY') continue;
    // `{subdomain}.{service}` names the service last.
    const service = parseIntegrationArn(methodIntegration.uri).service.split('.').at(-1) ?? '';
    if (refusedServices.includes(service)) throw badRequest(`AWS Service of type ${service} not supported`);
  }
}

function summaryOf({ resources }: ApiSnapshot): Deployment['apiSummary'] {
  const withMethods = resources.filter(resource => Object.keys(resource.resourceMethods).length > 0);
  return Object.fromEntries(
    withMethods.map(({ path, resourceMethods }) => [
      path,
      Object.fromEntries(
        Object.entries(resourceMethods).map(([httpMethod, { authorizationType, apiKeyRequired }]) => [
          httpMethod,
          { authorizationType, apiKeyRequired },
        ]),
      ),
    ]),
  );
}

const deploymentPatch: PatchTable<DeploymentDocument> = {
  wording: 'listed',
  rules: [
    {
      path: '/description',
      ops: ['replace'],
      apply: (deployment, { value = '' }) => ({ ...deployment, description: value }),
    },
  ],
};

function present({ id, description, createdDate }: DeploymentDocument): Deployment {
  return defined({ id, description: nonEmpty(description), createdDate: new Date(createdDate) });
}
