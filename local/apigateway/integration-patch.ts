// The paths UpdateIntegration and UpdateIntegrationResponse can change.
import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { nonEmpty, without } from './defined.ts';
import { badRequest, notFound } from './errors.ts';
import { parseHttpMethod } from './http-methods.ts';
import type { PatchRule, PatchTable } from './patch.ts';

/** A map's entries: added, replaced or removed one at a time. */
function mapRule<T, K extends string & keyof T>(member: K, missing: string): PatchRule<T> {
  return {
    path: `/${member}/{}`,
    ops: ['add', 'replace', 'remove'],
    apply(target, { op, names: [name = ''], value }) {
      const map = target[member] as Record<string, string> | undefined;
      if (op !== 'add' && map?.[name] === undefined) throw notFound(missing);
      if (op === 'remove') return { ...target, [member]: without(map, name) };
      return { ...target, [member]: { ...map, [name]: value || null } };
    },
  };
}

const contentHandling = <T extends { contentHandling?: unknown }>(): PatchRule<T> => ({
  path: '/contentHandling',
  ops: ['add', 'replace', 'remove'],
  apply(target, { op, value }) {
    if (op === 'remove' || !value) return { ...target, contentHandling: undefined };
    if (value !== 'CONVERT_TO_BINARY' && value !== 'CONVERT_TO_TEXT') {
      throw badRequest(
        'Invalid ContentHandlingStrategy specified. Valid options are CONVERT_TO_BINARY,CONVERT_TO_TEXT',
      );
    }
    return { ...target, contentHandling: value };
  },
});

const replaced = (
  path: string,
  apply: (integration: Integration, value: string | undefined) => Integration,
): PatchRule<Integration> => ({
  path,
  ops: ['replace'],
  apply: (integration, { value }) => apply(integration, value),
});

const types: readonly (Integration['type'] & string)[] = ['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'];

export const integrationPatch: PatchTable<Integration> = {
  wording: 'path first',
  rules: [
    mapRule('requestParameters', 'Invalid parameter name specified'),
    mapRule('requestTemplates', 'Content-Type specified was not found'),
    {
      path: '/cacheKeyParameters/{}',
      ops: ['add', 'remove'],
      apply(integration, { op, names: [name = ''] }) {
        const others = (integration.cacheKeyParameters ?? []).filter(parameter => parameter !== name);
        return { ...integration, cacheKeyParameters: op === 'add' ? [...others, name] : others };
      },
    },
    replaced('/type', (integration, value) => {
      const type = types.find(known => known === value);
      if (!type) throw badRequest(`Invalid IntegrationType specified. Valid options are ${types.join(',')}`);
      return { ...integration, type };
    }),
    replaced('/httpMethod', (integration, value) => ({ ...integration, httpMethod: parseHttpMethod(value) })),
    replaced('/uri', (integration, uri) => ({ ...integration, uri })),
    replaced('/credentials', (integration, value) => ({ ...integration, credentials: nonEmpty(value) })),
    replaced('/passthroughBehavior', (integration, value) => ({
      ...integration,
      passthroughBehavior: value,
    })),
    replaced('/cacheNamespace', (integration, cacheNamespace) => ({ ...integration, cacheNamespace })),
    replaced('/timeoutInMillis', (integration, value) => ({
      ...integration,
      timeoutInMillis: Number(value),
    })),
    replaced('/connectionId', (integration, value) => ({ ...integration, connectionId: nonEmpty(value) })),
    replaced('/connectionType', (integration, value) => {
      if (value !== 'INTERNET' && value !== 'VPC_LINK') {
        throw badRequest('Invalid ConnectionType specified. Valid options are INTERNET,VPC_LINK');
      }
      return { ...integration, connectionType: value };
    }),
    {
      path: '/tlsConfig/insecureSkipVerification',
      ops: ['add', 'replace'],
      apply: (integration, { value }) => ({
        ...integration,
        tlsConfig: { ...integration.tlsConfig, insecureSkipVerification: value === 'true' },
      }),
    },
    contentHandling(),
  ],
};

export const integrationResponsePatch: PatchTable<IntegrationResponse> = {
  wording: 'path first',
  rules: [
    mapRule('responseParameters', 'Invalid parameter name specified'),
    mapRule('responseTemplates', 'Content-Type specified was not found'),
    {
      path: '/selectionPattern',
      ops: ['add', 'replace', 'remove'],
      apply: (response, { op, value }) => ({
        ...response,
        selectionPattern: op === 'remove' ? undefined : value,
      }),
    },
    contentHandling(),
  ],
};
