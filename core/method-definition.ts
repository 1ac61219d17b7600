// A method of the API with everything below it, exactly as it is sent to API Gateway.

export interface MethodResponse {
  readonly statusCode: string;
  readonly responseParameters: Record<string, boolean>;
  readonly responseModels: Record<string, string>;
}

export interface IntegrationResponse {
  readonly statusCode: string;
  readonly selectionPattern?: string;
  readonly responseParameters: Record<string, string>;
  readonly responseTemplates: Record<string, string>;
  readonly contentHandling?: 'CONVERT_TO_TEXT' | 'CONVERT_TO_BINARY';
}

export interface IntegrationDefinition {
  readonly type: 'AWS' | 'MOCK';
  /** Method of the request to the service. */
  readonly httpMethod?: string;
  readonly uri?: string;
  readonly requestParameters: Record<string, string>;
  readonly requestTemplates: Record<string, string>;
  readonly passthroughBehavior: 'NEVER' | 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES';
  readonly contentHandling?: 'CONVERT_TO_TEXT' | 'CONVERT_TO_BINARY';
}

export interface MethodDefinition {
  readonly requestParameters: Record<string, boolean>;
  readonly validate: { readonly body: boolean; readonly parameters: boolean };
  readonly requestModel?: { readonly contentType: string; readonly name: string; readonly schema: string };
  readonly methodResponses: readonly MethodResponse[];
  readonly integration: IntegrationDefinition;
  readonly integrationResponses: readonly IntegrationResponse[];
  /** Media types the API must treat as binary for this method. */
  readonly binaryMediaTypes: readonly string[];
}

/** A body of any media type is checked against the model: one without a model of its own would not be checked at all. */
export function requestModelsOf(model: MethodDefinition['requestModel']): Record<string, string> {
  return model ? { [model.contentType]: model.name, $default: model.name } : {};
}
