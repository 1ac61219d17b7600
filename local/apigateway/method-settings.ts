// Settings of a stage's methods: logging, throttling and caching, for one method or for all (`*/*`).
import type { MethodSetting } from '@aws-sdk/client-api-gateway';
import { without } from './defined.ts';
import { badRequest } from './errors.ts';
import type { StageDocument } from './model.ts';
import { notAMethodSetting } from './stage-paths.ts';

const defaults: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

const flag = (value: string | undefined) => value?.toLowerCase() === 'true';

function number(value: string | undefined, name: string): number {
  const parsed = Number(value);
  if (!value || Number.isNaN(parsed)) throw badRequest(`Invalid ${name} specified: ${value}`);
  return parsed;
}

function timeToLive(value: string | undefined): number {
  const seconds = Number(value);
  if (value && Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600) return seconds;
  throw badRequest('Invalid time-to-live setting, must be an integer no greater than 3600');
}

function oneOf<const T extends string>(value: string | undefined, allowed: readonly T[], name: string): T {
  const found = allowed.find(item => item === value);
  if (!found) throw badRequest(`Invalid ${name} specified. Valid options are ${allowed.join(',')}`);
  return found;
}

const settings: Readonly<Record<string, (value: string | undefined) => MethodSetting>> = {
  'metrics/enabled': value => ({ metricsEnabled: flag(value) }),
  'logging/dataTrace': value => ({ dataTraceEnabled: flag(value) }),
  'logging/loglevel': value => ({ loggingLevel: oneOf(value, ['OFF', 'ERROR', 'INFO'], 'loglevel') }),
  'throttling/burstLimit': value => ({ throttlingBurstLimit: Math.trunc(number(value, 'burstLimit')) }),
  'throttling/rateLimit': value => ({ throttlingRateLimit: number(value, 'rateLimit') }),
  'caching/enabled': value => ({ cachingEnabled: flag(value) }),
  'caching/ttlInSeconds': value => ({ cacheTtlInSeconds: timeToLive(value) }),
  'caching/dataEncrypted': value => ({ cacheDataEncrypted: flag(value) }),
  'caching/requireAuthorizationForCacheControl': value => ({
    requireAuthorizationForCacheControl: flag(value),
  }),
  'caching/unauthorizedCacheControlHeaderStrategy': value => ({
    unauthorizedCacheControlHeaderStrategy: oneOf(
      value,
      ['FAIL_WITH_403', 'SUCCEED_WITH_RESPONSE_HEADER', 'SUCCEED_WITHOUT_RESPONSE_HEADER'],
      'unauthorizedCacheControlHeaderStrategy',
    ),
  }),
};

/** `/{resourcePath}/{httpMethod}/{group}/{setting}`; a method's first setting starts from those of all methods. */
export function replaceMethodSetting(
  stage: StageDocument,
  path: string,
  value: string | undefined,
): StageDocument {
  const segments = path.slice(1).split('/');
  const setting = settings[segments.slice(-2).join('/')];
  const method = segments.slice(0, -2).join('/');
  if (!setting || !/.\/(?:GET|PUT|POST|DELETE|PATCH|OPTIONS|HEAD|ANY|\*)$/.test(method))
    throw notAMethodSetting(path);
  const before = stage.methodSettings?.[method] ?? stage.methodSettings?.['*/*'] ?? defaults;
  return {
    ...stage,
    methodSettings: { ...stage.methodSettings, [method]: { ...before, ...setting(value) } },
  };
}

/** `/{resourcePath}/{httpMethod}`: all settings of one method. */
export function removeMethodSetting(stage: StageDocument, path: string): StageDocument {
  const method = path.slice(1);
  if (!stage.methodSettings?.[method]) {
    throw badRequest(
      `Cannot remove method setting ${method} because there is no method setting for this method `,
    );
  }
  return { ...stage, methodSettings: without(stage.methodSettings, method) ?? {} };
}
