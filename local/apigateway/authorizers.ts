// CreateAuthorizer, GetAuthorizer(s), UpdateAuthorizer, DeleteAuthorizer.
import type {
  Authorizer,
  Authorizers,
  CreateAuthorizerRequest,
  DeleteAuthorizerRequest,
  GetAuthorizerRequest,
  GetAuthorizersRequest,
  UpdateAuthorizerRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, nonEmpty } from './defined.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { findRestApi } from './find.ts';
import { type AuthorizerDocument, collections } from './model.ts';
import { pageOf } from './paging.ts';
import { applyPatch, type PatchTable, replaceText } from './patch.ts';

export function authorizerOperations(aws: Aws) {
  const { restApis, authorizers } = collections(aws);
  const store = (authorizer: AuthorizerDocument) =>
    authorizers.set(`${authorizer.restApiId}/${authorizer.id}`, authorizer);

  function find(restApiId: string | undefined, id: string | undefined): AuthorizerDocument {
    const authorizer = authorizers.get(`${restApiId}/${id}`);
    if (!authorizer) throw notFound('Invalid Authorizer identifier specified');
    return authorizer;
  }

  return {
    CreateAuthorizer({ restApiId = '', ...members }: CreateAuthorizerRequest): Authorizer {
      // AWS does not look the API up first.
      if (!restApis.has(restApiId)) {
        throw conflict(
          'Unable to complete operation due to concurrent modification. Please try again later.',
        );
      }
      const authorizer = checked({
        restApiId,
        id: aws.ids.alphanumeric(6),
        ...members,
        authType:
          members.authType ?? (members.type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
      });
      store(authorizer);
      return present(authorizer);
    },

    GetAuthorizer: ({ restApiId, authorizerId }: GetAuthorizerRequest): Authorizer =>
      present(find(restApiId, authorizerId)),

    GetAuthorizers({ restApiId, ...page }: GetAuthorizersRequest): Authorizers {
      const { id } = findRestApi(aws, restApiId);
      const ofApi = [...authorizers.values()].filter(authorizer => authorizer.restApiId === id);
      const { items, position } = pageOf(ofApi, authorizer => authorizer.id ?? '', page);
      return defined({ items: items.map(present), position });
    },

    UpdateAuthorizer({ restApiId, authorizerId, patchOperations }: UpdateAuthorizerRequest): Authorizer {
      const authorizer = checked(applyPatch(find(restApiId, authorizerId), patchOperations, authorizerPatch));
      store(authorizer);
      return present(authorizer);
    },

    DeleteAuthorizer({ restApiId, authorizerId }: DeleteAuthorizerRequest): object {
      const { id } = find(restApiId, authorizerId);
      authorizers.delete(`${restApiId}/${id}`);
      return {};
    },
  } satisfies Record<string, Operation>;
}

function checked(authorizer: AuthorizerDocument): AuthorizerDocument {
  const {
    type,
    name,
    authorizerUri = '',
    identitySource,
    authorizerResultTtlInSeconds: ttl,
    providerARNs,
  } = authorizer;
  if (!name) throw badRequest('Authorizer name must be non-empty');
  if (ttl !== undefined && !(ttl >= 0 && ttl <= 3600)) {
    throw badRequest(
      'Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.',
    );
  }
  if (type === 'COGNITO_USER_POOLS') {
    if (!providerARNs?.length)
      throw badRequest('ProviderARNs must be specified for COGNITO_USER_POOLS authorizers');
    return defined({
      ...authorizer,
      identitySource: identitySource ?? 'method.request.header.Authorization',
    });
  }
  if (
    !/^arn:aws[\w-]*:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/.+\/invocations$/.test(
      authorizerUri,
    )
  ) {
    throw badRequest(
      `Invalid Authorizer URI: ${authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  }
  checkIdentitySource(authorizer);
  return defined({ ...authorizer, authorizerCredentials: nonEmpty(authorizer.authorizerCredentials) });
}

function checkIdentitySource({
  type,
  identitySource,
  authorizerResultTtlInSeconds: ttl,
}: AuthorizerDocument): void {
  if (!identitySource) {
    if (type === 'TOKEN') throw badRequest('IdentitySource cannot be empty');
    if (ttl === 0) return;
    throw badRequest('Identity source must be set if authorizer caching is enabled (TTL is greater than 0)');
  }
  for (const source of identitySource.split(',').map(part => part.trim())) {
    if (!/^(?:method\.request\.(?:header|querystring)\.\S+|context\.\S+|stageVariables\.\S+)$/.test(source)) {
      throw badRequest(`Invalid request identity source expression: ${source}`);
    }
  }
}

const authorizerPatch: PatchTable<AuthorizerDocument> = {
  wording: 'listed',
  rules: [
    replaceText('name'),
    replaceText('authorizerUri'),
    replaceText('authorizerCredentials'),
    replaceText('identitySource'),
    replaceText('identityValidationExpression'),
    replaceText('authType'),
    {
      path: '/authorizerResultTtlInSeconds',
      ops: ['replace'],
      apply: (authorizer, { value }) => ({ ...authorizer, authorizerResultTtlInSeconds: Number(value) }),
    },
    {
      path: '/providerARNs',
      ops: ['add', 'remove'],
      apply(authorizer, { op, value = '' }) {
        const others = (authorizer.providerARNs ?? []).filter(arn => arn !== value);
        return { ...authorizer, providerARNs: op === 'add' ? [...others, value] : others };
      },
    },
    {
      path: '/type',
      ops: ['replace'],
      apply(authorizer, { value }) {
        if (value === 'TOKEN' || value === 'REQUEST' || value === 'COGNITO_USER_POOLS') {
          return { ...authorizer, type: value };
        }
        throw badRequest(
          'Invalid AuthorizerType specified. Valid options are TOKEN,REQUEST,COGNITO_USER_POOLS',
        );
      },
    },
  ],
};

const present = ({ restApiId: _, ...authorizer }: AuthorizerDocument): Authorizer => authorizer;
