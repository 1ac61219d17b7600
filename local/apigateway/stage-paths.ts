// AWS's answer to a path UpdateStage does not know: the list of those it does.
import type { ServiceError } from '../service.ts';
import { badRequest } from './errors.ts';

const settings = [
  'metrics/enabled',
  'logging/dataTrace',
  'logging/loglevel',
  'throttling/burstLimit',
  'throttling/rateLimit',
  'caching/ttlInSeconds',
  'caching/enabled',
  'caching/dataEncrypted',
  'caching/requireAuthorizationForCacheControl',
  'caching/unauthorizedCacheControlHeaderStrategy',
];

/** AWS's list, with the commas it leaves out. */
export function notAMethodSetting(path: string): ServiceError {
  const members = [
    '/deploymentId',
    '/description',
    '/cacheClusterEnabled',
    '/cacheClusterSize',
    '/clientCertificateId',
    '/accessLogSettings',
    '/accessLogSettings/destinationArn',
    '/accessLogSettings/format',
  ];
  const listed = (prefix: string, separator: string) =>
    settings
      .map(name => `${prefix}${name}`)
      .join(', ')
      .replace(/(burstLimit), (.*?rateLimit), /, `$1${separator}$2${separator}`);
  const all = [
    ...members,
    listed('/{resourcePath}/{httpMethod}/', ''),
    listed('/*/*/', ' '),
    '/variables/{variable_name}',
    '/tracingEnabled',
  ];
  return badRequest(`Invalid method setting path: ${path}. Must be one of: [${all.join(', ')}]`);
}
