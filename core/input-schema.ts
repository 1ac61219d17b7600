// The execution input as a JSON Schema: what parseInput accepts, and what the README's table is generated from.

const text = (description: string, limits: object = {}) => ({
  type: 'string',
  minLength: 1,
  ...limits,
  description,
});

const parameter = {
  description: 'where an input member comes from, or the constant it has',
  oneOf: [
    {
      type: 'object',
      properties: {
        from: { enum: ['query', 'path', 'header', 'body'] },
        name: { type: 'string', pattern: '^[a-zA-Z0-9._$:-]+$', maxLength: 128 },
      },
      required: ['from'],
      additionalProperties: false,
    },
    { type: 'object', properties: { value: {} }, required: ['value'], additionalProperties: false },
  ],
};

const region = { type: 'string', pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$' };

const authorization = {
  default: { type: 'AWS_IAM' },
  description:
    '`AWS_IAM`, `API_KEY`, `COGNITO_USER_POOLS` (with `arn`), `CUSTOM` (with `authorizerId`), or `NONE`, which needs `acceptPublic`',
  oneOf: [
    {
      type: 'object',
      properties: { type: { enum: ['AWS_IAM', 'API_KEY', 'NONE'] } },
      required: ['type'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: {
        type: { const: 'COGNITO_USER_POOLS' },
        arn: { type: 'string', pattern: '^arn:[a-z-]+:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/.+$' },
      },
      required: ['type', 'arn'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { type: { const: 'CUSTOM' }, authorizerId: { type: 'string', pattern: '^[a-z0-9]+$' } },
      required: ['type', 'authorizerId'],
      additionalProperties: false,
    },
  ],
};

const test = {
  default: 'derived where the operation only reads and needs nothing',
  description: 'a request that is safe to send and the status it answers with, or `{"skip":"why"}`',
  oneOf: [
    {
      type: 'object',
      properties: {
        parameters: {
          type: 'object',
          description: 'request parameter → value; `body` members as they are sent',
        },
        expectStatus: { type: 'integer', minimum: 200, maximum: 599 },
      },
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { skip: { type: 'string', minLength: 1, maxLength: 256 } },
      required: ['skip'],
      additionalProperties: false,
    },
  ],
};

/** Fields of one route; at the top level of the input where there is only one. */
export const routeFields = {
  service: text('AWS service, such as `sns`', { maxLength: 128 }),
  action: text('operation of that service, such as `ListTopics`; any case', { maxLength: 128 }),
  path: text('resource path, such as `/mydemoawsproxy` or `/items/{id}`', {
    maxLength: 1024,
    default: '/{service}/{action}',
  }),
  httpMethod: {
    enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'],
    default: 'from the operation',
    description: 'GET where the operation only reads, else its own method or POST',
  },
  authorization,
  acceptPublic: { type: 'boolean', default: false, description: 'consent to `authorization` `NONE`' },
  acceptPublicWrite: {
    type: 'boolean',
    default: false,
    description: 'consent to `NONE` for an operation that does more than read',
  },
  parameters: {
    type: 'object',
    additionalProperties: parameter,
    default: 'derived',
    description:
      'input member → `{"from":"query"|"path"|"header"|"body","name":…}`, or `{"value":…}`, a constant callers cannot change',
  },
  resources: {
    type: 'array',
    items: {
      type: 'string',
      pattern: '^(\\*|arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+)$',
      maxLength: 1600,
    },
    minItems: 1,
    maxItems: 100,
    uniqueItems: true,
    default: 'from constant parameters',
    description:
      'ARNs the role may touch; required where the operation has resource types, and `["*"]` only where a call need not name one',
  },
  errors: {
    enum: ['mapped', 'service'],
    default: 'mapped',
    description:
      '`mapped`: every error as `{"error":{"type","message","requestId"}}`; `service`: the body the service answers with',
  },
  test,
  cors: {
    type: 'object',
    properties: {
      origins: {
        type: 'array',
        items: {
          type: 'string',
          title: 'an origin such as https://example.com, without a path',
          pattern: '^(\\*|null|[a-z][a-z0-9+.-]*://[A-Za-z0-9.:\\[\\]_-]+)$',
        },
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
      },
    },
    required: ['origins'],
    additionalProperties: false,
    default: 'off',
    description:
      'allowed origins, as `{"origins":["https://example.com"]}`; adds OPTIONS and the headers, in an API of ours on what API Gateway itself refuses too',
  },
} as const;

const executionFields = {
  operation: {
    enum: ['provision', 'remove'],
    default: 'provision',
    description: 'or `remove`: the walkthrough’s "Clean up"',
  },
  api: {
    default: { name: 'service-proxy' },
    description: '`{"name":…}`, made when it is not ours yet, or `{"id":…}` of an existing REST API',
    oneOf: [
      {
        type: 'object',
        properties: { name: { type: 'string', minLength: 1, maxLength: 128 } },
        required: ['name'],
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: { id: { type: 'string', pattern: '^[a-z0-9]{1,32}$' } },
        required: ['id'],
        additionalProperties: false,
      },
    ],
  },
  stage: text('stage the route is deployed to', { maxLength: 128, pattern: '^[a-zA-Z0-9_]+$' }),
  routes: {
    type: 'array',
    minItems: 1,
    maxItems: 300,
    items: {
      type: 'object',
      properties: routeFields,
      required: ['service', 'action'],
      additionalProperties: false,
    },
    description: 'several routes of one API and stage in one execution: an array of the per-route fields',
  },
  approval: {
    type: 'boolean',
    default: false,
    description:
      'wait after the plan, before the first change, for `service-proxy approve` (12 hours at most)',
  },
  onFailure: {
    enum: ['ROLL_BACK', 'PAUSE'],
    default: 'ROLL_BACK',
    description:
      '`PAUSE` keeps what a failure left, and the lock, for 7 days: until `service-proxy rollback` or `provision --resume`',
  },
  resume: text('execution to go on with, by name or ARN: what it left is adopted', {
    maxLength: 256,
    pattern: '^[\\w:.-]+$',
  }),
  clientToken: text('the same token again is the same request', {
    maxLength: 64,
    pattern: '^[a-zA-Z0-9_-]+$',
  }),
  requestedBy: text('who asks, for the audit', { maxLength: 256 }),
  tags: {
    type: 'object',
    maxProperties: 40,
    propertyNames: { pattern: '^(?!aws:|service-proxy:)[\\w +=.:/@-]{1,128}$' },
    additionalProperties: { type: 'string', maxLength: 256, pattern: '^[\\w +=.:/@-]*$' },
    description: 'tags on the API, the stage and the role',
  },
  region: { ...region, description: 'region; must be the engine’s own' },
  target: {
    type: 'object',
    properties: {
      roleArn: {
        type: 'string',
        pattern: '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]+$',
        maxLength: 2048,
      },
      region,
      externalId: { type: 'string', minLength: 2, maxLength: 1224, pattern: '^[\\w+=,.@:/-]*$' },
    },
    minProperties: 1,
    additionalProperties: false,
    default: 'the engine’s account and region',
    description:
      'where the API lives: `{"roleArn":…,"externalId":…}`, a role of another account to assume, and `{"region":…}`, as far as the configuration allows them',
  },
} as const;

export const inputSchema = {
  $id: 'service-proxy/execution-input',
  type: 'object',
  properties: { ...routeFields, ...executionFields },
  additionalProperties: false,
  required: ['stage'],
} as const;
