// What API Gateway checks of a request before it looks anything up: enumerations, patterns and required members.

/** `member` is a path into the body; the members of the URI are named without the input's name in messages. */
export interface Constraint {
  readonly member: string;
  readonly oneOf?: readonly string[];
  readonly matches?: string;
  readonly required?: true;
}

export const patchOps = ['add', 'remove', 'move', 'test', 'replace', 'copy'];

const required = (...members: string[]): Constraint[] => members.map(member => ({ member, required: true }));
const statusCode: Constraint = { member: 'statusCode', matches: '[1-5]\\d\\d' };
const contentHandling: Constraint = {
  member: 'contentHandling',
  oneOf: ['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'],
};
const endpointTypes: Constraint = {
  member: 'endpointConfiguration.types',
  oneOf: ['PRIVATE', 'EDGE', 'REGIONAL'],
};
const ipAddressType: Constraint = {
  member: 'endpointConfiguration.ipAddressType',
  oneOf: ['ipv4', 'dualstack'],
};
const cacheClusterSize: Constraint = {
  member: 'cacheClusterSize',
  oneOf: ['0.5', '1.6', '6.1', '13.5', '28.4', '58.2', '118', '237'],
};

export const gatewayResponseTypes = [
  'ACCESS_DENIED',
  'API_CONFIGURATION_ERROR',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'DEFAULT_4XX',
  'DEFAULT_5XX',
  'EXPIRED_TOKEN',
  'INTEGRATION_FAILURE',
  'INTEGRATION_TIMEOUT',
  'INVALID_API_KEY',
  'INVALID_SIGNATURE',
  'MISSING_AUTHENTICATION_TOKEN',
  'QUOTA_EXCEEDED',
  'REQUEST_TOO_LARGE',
  'RESOURCE_NOT_FOUND',
  'THROTTLED',
  'UNAUTHORIZED',
  'UNSUPPORTED_MEDIA_TYPE',
  'WAF_FILTERED',
] as const;

const documentationPartTypes = [
  'API',
  'AUTHORIZER',
  'MODEL',
  'RESOURCE',
  'METHOD',
  'PATH_PARAMETER',
  'QUERY_PARAMETER',
  'REQUEST_HEADER',
  'REQUEST_BODY',
  'RESPONSE',
  'RESPONSE_HEADER',
  'RESPONSE_BODY',
];

export const constraints: Readonly<Record<string, readonly Constraint[]>> = {
  CreateRestApi: [
    ...required('name'),
    endpointTypes,
    ipAddressType,
    { member: 'apiKeySource', oneOf: ['HEADER', 'AUTHORIZER'] },
  ],
  PutRestApi: [{ member: 'mode', oneOf: ['merge', 'overwrite'] }],
  CreateResource: required('pathPart'),
  PutMethod: required('authorizationType'),
  PutMethodResponse: [statusCode],
  GetMethodResponse: [statusCode],
  UpdateMethodResponse: [statusCode],
  DeleteMethodResponse: [statusCode],
  PutIntegration: [
    ...required('type'),
    // AWS lists the values in this order.
    { member: 'type', oneOf: ['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'] },
    { member: 'connectionType', oneOf: ['INTERNET', 'VPC_LINK'] },
    contentHandling,
  ],
  PutIntegrationResponse: [statusCode, contentHandling],
  GetIntegrationResponse: [statusCode],
  UpdateIntegrationResponse: [statusCode],
  DeleteIntegrationResponse: [statusCode],
  CreateModel: required('name', 'contentType'),
  CreateDeployment: [cacheClusterSize],
  CreateStage: [...required('stageName', 'deploymentId'), cacheClusterSize],
  CreateAuthorizer: [
    ...required('name', 'type'),
    { member: 'type', oneOf: ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'] },
  ],
  PutGatewayResponse: [{ member: 'responseType', oneOf: gatewayResponseTypes }, statusCode],
  GetGatewayResponse: [{ member: 'responseType', oneOf: gatewayResponseTypes }],
  UpdateGatewayResponse: [{ member: 'responseType', oneOf: gatewayResponseTypes }],
  DeleteGatewayResponse: [{ member: 'responseType', oneOf: gatewayResponseTypes }],
  CreateDocumentationPart: [
    ...required('location', 'properties'),
    { member: 'location.type', oneOf: documentationPartTypes },
  ],
  CreateDocumentationVersion: required('documentationVersion'),
  CreateUsagePlan: [...required('name'), { member: 'quota.period', oneOf: ['DAY', 'WEEK', 'MONTH'] }],
  CreateUsagePlanKey: required('keyId', 'keyType'),
  TagResource: required('tags'),
  UntagResource: required('tagKeys'),
};
