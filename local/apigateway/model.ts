// What the embedded API Gateway keeps of a REST API: the SDK's own shapes, one document per thing.
import type {
  Account,
  ApiKey,
  Authorizer,
  DocumentationPart,
  DocumentationVersion,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
  RestApi,
  Stage,
  UsagePlan,
} from '@aws-sdk/client-api-gateway';
import type { Aws } from '../service.ts';

/** Dates are stored as milliseconds since the epoch: documents are JSON. */
type Stored<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> extends Date ? number : T[K] };

export type RestApiDocument = Stored<RestApi> & { readonly id: string; readonly rootResourceId: string };

export interface ResourceDocument {
  readonly restApiId: string;
  readonly id: string;
  /** Absent for the root resource, as is pathPart. */
  readonly parentId?: string;
  readonly pathPart?: string;
  readonly path: string;
  /** HTTP method → method with its responses, its integration and that one's responses. */
  readonly resourceMethods: Readonly<Record<string, Method>>;
}

export type ModelDocument = Model & { readonly restApiId: string };
export type RequestValidatorDocument = RequestValidator & { readonly restApiId: string };
export type AuthorizerDocument = Authorizer & { readonly restApiId: string };
export type GatewayResponseDocument = GatewayResponse & { readonly restApiId: string };
export type StageDocument = Stored<Stage> & { readonly restApiId: string; readonly stageName: string };

export type DocumentationPartDocument = DocumentationPart & { readonly restApiId: string };
export type DocumentationVersionDocument = Stored<DocumentationVersion> & { readonly restApiId: string };
/** `value` is what callers send as x-api-key. */
export type ApiKeyDocument = Stored<ApiKey> & { readonly id: string; readonly value: string };
/** `keyIds` are the API keys of the plan. */
export type UsagePlanDocument = UsagePlan & { readonly id: string; readonly keyIds: readonly string[] };

/** Everything the data plane needs to serve an API: frozen into each deployment. */
export interface ApiSnapshot {
  readonly restApi: RestApiDocument;
  readonly resources: readonly ResourceDocument[];
  readonly models: readonly ModelDocument[];
  readonly requestValidators: readonly RequestValidatorDocument[];
  readonly authorizers: readonly AuthorizerDocument[];
  readonly gatewayResponses: readonly GatewayResponseDocument[];
}

export interface DeploymentDocument {
  readonly restApiId: string;
  readonly id: string;
  readonly description?: string;
  readonly createdDate: number;
  readonly snapshot: ApiSnapshot;
}

/** The collections of the account store. Keys: the API's id, or `{restApiId}/{id or name}`. */
export const collections = (aws: Pick<Aws, 'store'>) => ({
  restApis: aws.store.collection<RestApiDocument>('apigateway/restapis'),
  resources: aws.store.collection<ResourceDocument>('apigateway/resources'),
  models: aws.store.collection<ModelDocument>('apigateway/models'),
  requestValidators: aws.store.collection<RequestValidatorDocument>('apigateway/requestvalidators'),
  authorizers: aws.store.collection<AuthorizerDocument>('apigateway/authorizers'),
  gatewayResponses: aws.store.collection<GatewayResponseDocument>('apigateway/gatewayresponses'),
  deployments: aws.store.collection<DeploymentDocument>('apigateway/deployments'),
  stages: aws.store.collection<StageDocument>('apigateway/stages'),
  documentationParts: aws.store.collection<DocumentationPartDocument>('apigateway/documentationparts'),
  documentationVersions: aws.store.collection<DocumentationVersionDocument>(
    'apigateway/documentationversions',
  ),
});

/** What belongs to the account rather than to an API. Keys: the id; the account has one document, `account`. */
export const accountCollections = (aws: Pick<Aws, 'store'>) => ({
  account: aws.store.collection<Account>('apigateway/account'),
  apiKeys: aws.store.collection<ApiKeyDocument>('apigateway/apikeys'),
  usagePlans: aws.store.collection<UsagePlanDocument>('apigateway/usageplans'),
});

/** The API as it stands now, for a deployment to freeze or a test invocation to run against. */
export function snapshotOf(aws: Pick<Aws, 'store'>, restApi: RestApiDocument): ApiSnapshot {
  const all = collections(aws);
  const ofApi = <T extends { readonly restApiId: string }>(documents: Iterable<T>) =>
    [...documents].filter(document => document.restApiId === restApi.id);
  return {
    restApi,
    resources: ofApi(all.resources.values()),
    models: ofApi(all.models.values()),
    requestValidators: ofApi(all.requestValidators.values()),
    authorizers: ofApi(all.authorizers.values()),
    gatewayResponses: ofApi(all.gatewayResponses.values()),
  };
}
