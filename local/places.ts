// The other accounts and regions of the embedded AWS: each has services of its own, over its part of the same store.
import { assumeRoleAs } from './assume-role.ts';
import type { Trail } from './cloudtrail/trail.ts';
import type { EmbeddedOptions } from './embedded.ts';
import type { FindFault } from './faults.ts';
import type { CheckQuota } from './quotas.ts';
import type { Aws } from './service.ts';
import { openServices, type Services } from './services.ts';
import type { Store } from './store.ts';

/** One account in one region, and what answers there. */
export interface Place {
  readonly aws: Aws;
  readonly services: Pick<Services, 'find' | 'close'>;
  readonly checkQuota: CheckQuota;
}

export interface Places {
  at(account: string, region: string): Place;
  /** The place whose API Gateway has this API. */
  ofApi(restApiId: string): Place;
  close(): Promise<void>;
}

/** What goes on by itself after a restart is in the home account alone, and so are the files of S3. */
const onlyAtHome = new Set(['events', 's3', 'states']);
/** The library behind SQS has one account, whose number is in its ARNs. */
const onlyInHomeAccount = new Set(['sqs']);

const apisElsewhere = /^(\d{12})\/([a-z0-9-]+)\/apigateway\/restapis$/;

export interface PlacesSetup {
  readonly options: Pick<EmbeddedOptions, 'seed' | 'rolePropagation'>;
  readonly findFault: FindFault;
  readonly trail: Trail;
  /** Rates that nobody has used yet. */
  readonly quotas: () => CheckQuota;
}

export function openPlaces(home: Place, setup: PlacesSetup): Places {
  const others = new Map<string, Place>();

  function at(account: string, region: string): Place {
    if (account === home.aws.account && region === home.aws.region) return home;
    const key = `${account}/${region}`;
    const place = others.get(key) ?? openPlace(home.aws, account, region, setup);
    others.set(key, place);
    return place;
  }

  return {
    at,
    ofApi(restApiId) {
      const { store } = home.aws;
      if (store.collection('apigateway/restapis').has(restApiId)) return home;
      for (const name of store.names()) {
        const [, account, region] = apisElsewhere.exec(name) ?? [];
        if (account && region && store.collection(name).has(restApiId)) return at(account, region);
      }
      return home;
    },
    async close() {
      for (const { services } of [...others.values(), home]) await services.close();
    },
  };
}

/** It begins empty, and lives by the same clock, faults and rates as the home account. */
function openPlace(
  home: Aws,
  account: string,
  region: string,
  { options: { seed, rolePropagation }, findFault, trail, quotas }: PlacesSetup,
): Place {
  const aws: Aws = {
    ...home,
    account,
    region,
    store: partOf(home, account, region),
    assumeRole: (roleArn, servicePrincipal, sessionName) =>
      assumeRoleAs(aws, roleArn, servicePrincipal, sessionName, rolePropagation?.()),
    invokeFunction: request => services.invokeFunction(request),
  };
  const services = openServices(aws, {
    options: seed === undefined ? {} : { seed },
    findFault,
    trail,
    environment() {
      throw new Error('only the home account has built-in functions');
    },
  });
  const isMissing = (name: string) =>
    onlyAtHome.has(name) || (account !== home.account && onlyInHomeAccount.has(name));
  const find = async (name: string) => (isMissing(name) ? undefined : services.find(name));
  return { aws, services: { find, close: services.close }, checkQuota: quotas() };
}

/** IAM's documents are the account's, all others the region's. */
function partOf({ store, account: homeAccount }: Aws, account: string, region: string): Store {
  const nameOf = (name: string) => {
    if (!name.startsWith('iam/')) return `${account}/${region}/${name}`;
    return account === homeAccount ? name : `${account}/${name}`;
  };
  return {
    collection: name => store.collection(nameOf(name)),
    names: () => store.names(),
    atomically: run => store.atomically(run),
    files: store.files && { ...store.files, keepOnly() {} },
    content: () => store.content(),
    close() {},
  };
}
