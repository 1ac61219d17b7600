// The endpoint type of an API and its kind of IP addresses.
import type { EndpointConfiguration, EndpointType } from '@aws-sdk/client-api-gateway';
import { badRequest } from './errors.ts';

const endpointTypes: readonly string[] = ['REGIONAL', 'EDGE', 'PRIVATE'];

/** With what AWS fills in: private APIs are dualstack, all others IPv4 unless they ask for more. */
export function newEndpointConfiguration(given: EndpointConfiguration | undefined): EndpointConfiguration {
  const types = given?.types ?? ['EDGE'];
  if (types.length === 0) {
    throw badRequest('REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.');
  }
  if (types.length > 1) throw badRequest('Cannot create an api with multiple Endpoint Types.');
  const isPrivate = types[0] === 'PRIVATE';
  if (isPrivate && given?.ipAddressType === 'ipv4') throw onlyDualstack();
  if (given?.vpcEndpointIds?.length && !isPrivate) {
    throw badRequest('VPCEndpoints can only be specified with PRIVATE apis.');
  }
  const configuration: EndpointConfiguration = {
    types,
    ipAddressType: given?.ipAddressType ?? (isPrivate ? 'dualstack' : 'ipv4'),
  };
  return given?.vpcEndpointIds ? { ...configuration, vpcEndpointIds: given.vpcEndpointIds } : configuration;
}

export function withType(
  configuration: EndpointConfiguration,
  type: string | undefined,
): EndpointConfiguration {
  if (!endpointTypes.includes(type ?? '')) {
    throw badRequest(`Invalid EndpointTypes specified. Valid options are ${endpointTypes.join(',')}`);
  }
  const changed = { ...configuration, types: [type as EndpointType] };
  return type === 'PRIVATE' ? { ...changed, ipAddressType: 'dualstack' } : changed;
}

export function withIpAddressType(
  configuration: EndpointConfiguration,
  ipAddressType: string | undefined,
): EndpointConfiguration {
  if (ipAddressType !== 'ipv4' && ipAddressType !== 'dualstack') {
    throw badRequest('ipAddressType must be either ipv4 or dualstack.');
  }
  if (ipAddressType === 'ipv4' && configuration.types?.[0] === 'PRIVATE') throw onlyDualstack();
  return { ...configuration, ipAddressType };
}

const onlyDualstack = () => badRequest('Only dualstack ipAddressType is supported for Private APIs.');
