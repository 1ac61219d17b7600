// API Gateway's control-plane rates, which no account can have raised, as token buckets on the account's clock.
import type { Clock } from './clock.ts';
import { ServiceError } from './service.ts';

interface Rate {
  readonly calls: number;
  readonly seconds: number;
  readonly burst: number;
}

const each = (calls: number, seconds = 1): Rate => ({ calls, seconds, burst: calls });

// Amazon API Gateway developer guide, "Quotas for creating, deploying and managing an API".
const allTogether: Rate = { calls: 10, seconds: 1, burst: 40 };
const regionalApi = each(1, 3);
const edgeApi = each(1, 30);
const ofOperation: Readonly<Record<string, Rate>> = {
  CreateApiKey: each(5),
  CreateDeployment: each(1, 5),
  CreateDomainName: each(1, 30),
  CreateResource: each(5),
  DeleteApiKey: each(5),
  DeleteDomainName: each(1, 30),
  DeleteResource: each(5),
  DeleteRestApi: each(1, 30),
  GetResources: each(5, 2),
  PutRestApi: each(1),
  UpdateAccount: each(1, 20),
  UpdateDomainName: each(1, 30),
  UpdateUsagePlan: each(1, 20),
};

function rateOf(
  operation: string,
  input: Readonly<Record<string, unknown>>,
): [bucket: string, rate: Rate] | undefined {
  if (operation === 'CreateRestApi' || operation === 'ImportRestApi') {
    const configuration = input.endpointConfiguration as { types?: readonly string[] } | undefined;
    const parameters = input.parameters as { endpointConfigurationTypes?: string } | undefined;
    const isEdge = (configuration?.types?.[0] ?? parameters?.endpointConfigurationTypes ?? 'EDGE') === 'EDGE';
    return isEdge ? ['edge API', edgeApi] : ['regional API', regionalApi];
  }
  const rate = ofOperation[operation];
  return rate && [operation, rate];
}

/** Seconds that so many calls of each operation take at least, by the documented rates; every API a regional one. */
export function quotaFloor(calls: Readonly<Record<string, number>>): number {
  const seconds = (count: number, rate: Rate) =>
    Math.max(0, count - rate.burst) * (rate.seconds / rate.calls);
  const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
  const own = Object.entries(calls).map(([operation, count]) => {
    const rate = operation === 'CreateRestApi' ? regionalApi : ofOperation[operation];
    return rate ? seconds(count, rate) : 0;
  });
  return Math.max(seconds(all, allTogether), ...own);
}

/** Refuses a call to API Gateway beyond the documented rates. */
export type CheckQuota = (
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
) => void;

export function apiGatewayQuotas(clock: Clock): CheckQuota {
  const buckets = new Map<string, { tokens: number; at: number }>();

  /** Seconds until the bucket has a token; 0 when it has one. */
  const wait = (name: string, { calls, seconds, burst }: Rate) => {
    const now = clock.now();
    const bucket = buckets.get(name) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * (calls / seconds));
    bucket.at = now;
    buckets.set(name, bucket);
    // Refilling adds up fractions that need not come to a whole one.
    return bucket.tokens > 1 - 1e-9 ? 0 : ((1 - bucket.tokens) * seconds) / calls;
  };

  return (service, operation, input) => {
    if (service !== 'apigateway') return;
    const rates: [string, Rate][] = [['all operations', allTogether]];
    const own = rateOf(operation, input);
    if (own) rates.push(own);
    const seconds = Math.max(...rates.map(([name, rate]) => wait(name, rate)));
    if (seconds > 0) {
      throw new ServiceError('TooManyRequestsException', 429, 'Too Many Requests', {
        retryAfterSeconds: String(Math.ceil(seconds - 1e-6)),
      });
    }
    for (const [name] of rates) {
      const bucket = buckets.get(name);
      if (bucket) bucket.tokens -= 1;
    }
  };
}
