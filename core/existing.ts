// The snapshot a plan is made from: what API Gateway holds, and what the ledger says of it.
import type { GatewayResponse, Method } from '@aws-sdk/client-api-gateway';

export interface ExistingApi {
  readonly id: string;
  readonly name: string;
  readonly rootResourceId: string;
  readonly version?: string;
  readonly binaryMediaTypes: readonly string[];
}

export interface ExistingResource {
  readonly id: string;
  readonly path: string;
  /** HTTP method → method with its responses and its integration, as GetResources embeds them. */
  readonly methods: Readonly<Record<string, Method>>;
}

export interface ExistingStage {
  readonly name: string;
  readonly deploymentId: string;
}

/** What the ledger knows of an API this product made, or added routes to. */
export interface ApiRecord {
  readonly restApiId: string;
  readonly name: string;
  /** Whether this product made the API itself. */
  readonly isOwned: boolean;
  /** Binary media types this product added to it. */
  readonly binaryMediaTypes: readonly string[];
  /** The request validator this product made in it. */
  readonly requestValidatorId?: string;
  /** Types of the gateway responses this product put. */
  readonly gatewayResponses?: readonly string[];
  readonly resources: readonly { readonly path: string }[];
  readonly routes: readonly RouteRecord[];
  readonly stages: readonly StageRecord[];
}

/** A method this product made. */
export interface RouteRecord {
  readonly path: string;
  readonly httpMethod: string;
  readonly service: string;
  readonly action: string;
  readonly roleName?: string;
  readonly modelName?: string;
  readonly requestValidatorId?: string;
  readonly cors?: readonly string[];
  /** What the method and the role's documents came to when they were put: for seeing a change by hand. */
  readonly methodFingerprint?: string;
  readonly roleFingerprint?: string;
  /** The stages whose deployment serves the route, and the role each of them uses. */
  readonly servedBy: Readonly<Record<string, { readonly roleName?: string }>>;
}

/** A stage this product deployed to; `isOwned` says whether it made the stage. */
export interface StageRecord {
  readonly name: string;
  readonly isOwned: boolean;
  readonly deploymentId: string;
}

export interface ExistingRole {
  readonly name: string;
  readonly arn: string;
  /** The inline policy documents, by policy name. */
  readonly policies: Readonly<Record<string, string>>;
}

/** An authorizer of the API, with the user pools it lets in. */
export interface ExistingAuthorizer {
  readonly id: string;
  readonly name: string;
  readonly userPoolArns: readonly string[];
}

/** Everything that was there before the first change. Without an API only the roles can be there. */
export interface Existing {
  readonly restApi?: ExistingApi;
  readonly resources: readonly ExistingResource[];
  readonly requestValidators: readonly { readonly id: string; readonly name: string }[];
  /** Looked up only where a route needs one. */
  readonly authorizers: readonly ExistingAuthorizer[];
  /** Those the API has of its own; looked up only where they may have to change. */
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly stage?: ExistingStage;
  readonly record?: ApiRecord;
  readonly roles: readonly ExistingRole[];
}

export const nothingExists: Existing = {
  resources: [],
  requestValidators: [],
  authorizers: [],
  gatewayResponses: [],
  roles: [],
};
