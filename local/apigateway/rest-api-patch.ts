// The paths UpdateRestApi can change.
import type { ApiKeySourceType } from '@aws-sdk/client-api-gateway';
import { nonEmpty } from './defined.ts';
import { withIpAddressType, withType } from './endpoint-configuration.ts';
import { badRequest } from './errors.ts';
import type { RestApiDocument } from './model.ts';
import { type PatchTable, replaceFlag, replaceText } from './patch.ts';
import { parsePolicy } from './resource-policy.ts';

const listOps = "Must be 'add'|'remove'|'replace'";

/** Absent and empty turn compression off. */
export function parseCompressionSize(size: number | string | undefined): number | undefined {
  if (size === undefined || size === '') return undefined;
  const bytes = Number(size);
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > 10485760) {
    throw badRequest('Invalid minimum compression size, must be between 0 and 10485760');
  }
  return bytes;
}

const plus = (list: readonly string[] | undefined, item: string) => [
  ...(list ?? []).filter(other => other !== item),
  item,
];
const minus = (list: readonly string[] | undefined, item: string) => {
  const left = (list ?? []).filter(other => other !== item);
  return left.length > 0 ? left : undefined;
};

export const restApiPatch: PatchTable<RestApiDocument> = {
  wording: 'path first',
  rules: [
    {
      path: '/name',
      ops: ['replace'],
      apply(restApi, { value }) {
        if (!value) throw badRequest('API name must be non-empty');
        return { ...restApi, name: value };
      },
    },
    {
      path: '/description',
      ops: ['replace', 'remove'],
      apply: (restApi, { op, value }) => ({
        ...restApi,
        description: op === 'remove' ? undefined : nonEmpty(value),
      }),
    },
    replaceText('version'),
    {
      path: '/policy',
      ops: ['replace', 'remove'],
      apply: (restApi, { op, value }) => ({
        ...restApi,
        policy: op === 'remove' ? undefined : parsePolicy(value ?? ''),
      }),
    },
    {
      path: '/apiKeySource',
      ops: ['replace'],
      apply(restApi, { value }) {
        if (value !== 'HEADER' && value !== 'AUTHORIZER') {
          throw badRequest('Invalid ApiKeySourceType specified. Valid options are HEADER,AUTHORIZER');
        }
        return { ...restApi, apiKeySource: value satisfies ApiKeySourceType };
      },
    },
    {
      path: '/minimumCompressionSize',
      ops: ['replace'],
      apply: (restApi, { value }) => ({ ...restApi, minimumCompressionSize: parseCompressionSize(value) }),
    },
    replaceFlag('disableExecuteApiEndpoint'),
    replaceText('securityPolicy'),
    replaceText('endpointAccessMode'),
    {
      path: '/binaryMediaTypes/{}',
      ops: ['add', 'remove', 'replace'],
      otherOps: listOps,
      // A replaced type goes to the end of the list.
      apply(restApi, { op, names: [type = ''], value }) {
        const kept = op === 'add' ? restApi.binaryMediaTypes : minus(restApi.binaryMediaTypes, type);
        const added = op === 'add' ? type : op === 'replace' ? nonEmpty(value) : undefined;
        return { ...restApi, binaryMediaTypes: added ? plus(kept, added) : kept };
      },
    },
    {
      path: '/endpointConfiguration/types/{}',
      ops: ['replace'],
      otherOps: listOps,
      apply: (restApi, { value }) => ({
        ...restApi,
        endpointConfiguration: withType(restApi.endpointConfiguration ?? {}, value),
      }),
    },
    {
      path: '/endpointConfiguration/ipAddressType',
      ops: ['replace'],
      apply: (restApi, { value }) => ({
        ...restApi,
        endpointConfiguration: withIpAddressType(restApi.endpointConfiguration ?? {}, value),
      }),
    },
    {
      path: '/endpointConfiguration/vpcEndpointIds',
      ops: ['add', 'remove'],
      apply(restApi, { op, value = '' }) {
        const { vpcEndpointIds, ...others } = restApi.endpointConfiguration ?? {};
        const ids = op === 'add' ? plus(vpcEndpointIds, value) : minus(vpcEndpointIds, value);
        return { ...restApi, endpointConfiguration: ids ? { ...others, vpcEndpointIds: ids } : others };
      },
    },
  ],
};
