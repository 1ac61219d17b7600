// GetExport: a stage's API as an OpenAPI document.
import type * as Sdk from '@aws-sdk/client-api-gateway';
import { type ApiDescription, allExtensions, type Extensions, openApiOf } from '../../core/openapi.ts';
import { toSwagger } from '../../core/swagger.ts';
import { toYaml } from '../../core/yaml.ts';
import type { Aws, Operation } from '../service.ts';
import { badRequest } from './errors.ts';
import { findStage } from './find.ts';
import { type ApiSnapshot, collections } from './model.ts';

export function exportOperations(aws: Aws): Record<string, Operation> {
  return {
    GetExport(input: Sdk.GetExportRequest): Sdk.ExportResponse {
      const { restApiId = '', stageName = '', exportType, accepts = 'application/json' } = input;
      if (exportType !== 'oas30' && exportType !== 'swagger') {
        throw badRequest('No API exists to export with the given parameters');
      }
      if (!['application/json', 'application/yaml'].includes(accepts)) {
        throw badRequest(`Unsupported accept type: ${accepts}`);
      }
      const { deploymentId } = findStage(aws, { restApiId, stageName });
      const deployment = collections(aws).deployments.get(`${restApiId}/${deploymentId}`);
      if (!deployment) throw badRequest('No API exists to export with the given parameters');
      const url = `https://${restApiId}.execute-api.${aws.region}.amazonaws.com/${stageName}`;
      const document = openApiOf(describe(deployment.snapshot, url), extensionsOf(input.parameters));
      const wanted = exportType === 'oas30' ? document : toSwagger(document);
      const isYaml = accepts === 'application/yaml';
      const body = isYaml ? toYaml(wanted) : JSON.stringify(wanted, null, 2);
      return {
        contentType: 'application/octet-stream',
        contentDisposition: `attachment; filename="${exportType}_${deployment.createdDate}.${isYaml ? 'yaml' : 'json'}"`,
        body: Buffer.from(body) as NonNullable<Sdk.ExportResponse['body']>,
      };
    },
  };
}

/** `extensions` of the request: `integrations`, `authorizers` or `apigateway`, which stands for all. */
function extensionsOf(parameters: Readonly<Record<string, string>> = {}): Extensions {
  const asked = (parameters.extensions ?? '').split(',').map(name => name.trim());
  if (asked.includes('apigateway')) return allExtensions;
  return {
    integrations: asked.includes('integrations'),
    authorizers: asked.includes('authorizers'),
    apigateway: false,
  };
}

function describe(snapshot: ApiSnapshot, url: string): ApiDescription {
  const { restApi, resources, models, requestValidators, authorizers, gatewayResponses } = snapshot;
  return {
    title: restApi.name ?? '',
    description: restApi.description,
    version: restApi.version ?? new Date(restApi.createdDate ?? 0).toISOString().replace(/\.\d+Z$/, 'Z'),
    url,
    resources: resources.map(({ path, resourceMethods }) => ({ path, methods: resourceMethods })),
    models,
    requestValidators,
    authorizers,
    gatewayResponses,
    binaryMediaTypes: restApi.binaryMediaTypes ?? [],
  };
}
