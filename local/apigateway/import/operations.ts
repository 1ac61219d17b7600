// PutRestApi and ImportRestApi: an API from an OpenAPI or Swagger document with API Gateway's extensions.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
import type {
  EndpointType,
  ImportRestApiRequest,
  PutRestApiRequest,
  RestApi,
} from '@aws-sdk/client-api-gateway';
import type { JsonObject } from '../../../core/openapi.ts';
import { type Aws, type CallContext, type Operation, ServiceError } from '../../service.ts';
import { defined } from '../defined.ts';
import { findRestApi } from '../find.ts';
import { collections } from '../model.ts';
import {
  importAuthorizers,
  importGatewayResponses,
  importModels,
  importSettings,
  importValidators,
} from './api.ts';
import { type Import, importing, type Run } from './changes.ts';
import { basePathOf, parseIssues, readDocument } from './document.ts';
import { objects, text } from './json.ts';
import { importPaths } from './resources.ts';

type Parameters = Readonly<Record<string, string>>;

/** Runs an operation of API Gateway for the caller of the import, with the checks of its input. */
type RunFor = (operation: string, input: object, call: CallContext) => ReturnType<Operation>;

export function importOperations(aws: Aws, runFor: RunFor): Record<string, Operation> {
  const work = (document: JsonObject, parameters: Parameters) => (one: Import) => {
    one.warn(...parseIssues(document));
    importSettings(one, document);
    importModels(one, document);
    const validators = importValidators(one, document);
    const authorizers = importAuthorizers(one, document);
    importGatewayResponses(one, document);
    importPaths(one, document, basePathOf(document, parameters), { validators, authorizers });
  };
  const answer = async (run: Run, restApiId: string, warnings: readonly string[]): Promise<RestApi> => {
    const restApi: RestApi = await run('GetRestApi', { restApiId });
    return defined({ ...restApi, warnings: warnings.length > 0 ? [...warnings] : undefined });
  };

  return {
    async PutRestApi(input: PutRestApiRequest, call: CallContext): Promise<RestApi> {
      const run: Run = (operation, one) => runFor(operation, one, call);
      const { restApiId = '', mode, failOnWarnings = false, parameters = {} } = input;
      const document = await readDocument(aws, input.body);
      refuseDocumentation(document, parameters);
      findRestApi(aws, restApiId);
      const settings = { aws, restApiId, isOverwrite: mode === 'overwrite', failOnWarnings };
      return answer(run, restApiId, importing(settings, run, work(document, parameters)));
    },

    /** The new API has the models of the document, and not the two that every other API starts with. */
    async ImportRestApi(input: ImportRestApiRequest, call: CallContext): Promise<RestApi> {
      const run: Run = (operation, one) => runFor(operation, one, call);
      const { failOnWarnings = false, parameters = {} } = input;
      const document = await readDocument(aws, input.body);
      refuseDocumentation(document, parameters);
      const types = parameters.endpointConfigurationTypes?.split(',') as EndpointType[] | undefined;
      const { id: restApiId = '' } = (await run('CreateRestApi', {
        name: text(objects(document.info).title),
        ...(types && { endpointConfiguration: { types } }),
      })) as RestApi;
      const { models } = collections(aws);
      for (const name of ['Empty', 'Error']) models.delete(`${restApiId}/${name}`);
      try {
        const settings = { aws, restApiId, isOverwrite: false, failOnWarnings };
        return await answer(run, restApiId, importing(settings, run, work(document, parameters)));
      } catch (error) {
        await run('DeleteRestApi', { restApiId });
        throw error;
      }
    },
  };
}

function refuseDocumentation(document: JsonObject, parameters: Parameters): void {
  if (parameters.ignore === 'documentation') return;
  if (document['x-amazon-apigateway-documentation'] === undefined) return;
  throw new ServiceError(
    'NotImplemented',
    501,
    'NotImplemented: x-amazon-apigateway-documentation; leave it out with the parameter ignore=documentation',
  );
}
