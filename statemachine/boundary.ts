// The permissions boundary of every role this product makes: what no route may reach, whatever its role says.

export interface BoundaryLimits {
  /** Patterns of the deployer's deny list, such as `kms:*` or `*:GetSecretValue`. */
  readonly deny: readonly string[];
  /** Accounts whose resources may be reached; default: any. */
  readonly accounts?: readonly string[];
  /** Regions that may be called; default: any. */
  readonly regions?: readonly string[];
}

/**
 * IAM takes no wildcard for the service, and names some services and actions otherwise than their API does: the
 * actions that the default deny list's patterns stand for.
 */
const knownActions = [
  'codeartifact:GetAuthorizationToken',
  'cognito-identity:GetCredentialsForIdentity',
  'datazone:GetEnvironmentCredentials',
  'ecr-public:GetAuthorizationToken',
  'ecr:GetAuthorizationToken',
  'elasticmapreduce:GetClusterSessionCredentials',
  'emr-containers:GetManagedEndpointSessionCredentials',
  'finspace-api:GetProgrammaticAccessCredentials',
  'lakeformation:GetTemporaryGluePartitionCredentials',
  'lakeformation:GetTemporaryGlueTableCredentials',
  'redshift-serverless:GetCredentials',
  'redshift:GetClusterCredentials',
  'redshift:GetClusterCredentialsWithIAM',
  'secretsmanager:BatchGetSecretValue',
  'secretsmanager:GetSecretValue',
] as const;
const iamPrefixes: Readonly<Record<string, string>> = { 'sso-admin': 'sso', 'sso-oidc': 'sso-oauth' };

function iamActions(pattern: string): string[] {
  const [service = '', action = '*'] = pattern.split(':');
  if (!/[*?]/.test(service)) return [`${iamPrefixes[service] ?? service}:${action}`];
  const matching = new RegExp(`:${action.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
  return knownActions.filter(known => matching.test(known));
}

/** True as well where the key is absent, so absence is asked for on its own. */
const isOther = (key: string, allowed: readonly string[]) => ({
  StringNotEquals: { [key]: allowed },
  Null: { [key]: 'false' },
});

/** Everything, less what is denied: a boundary grants nothing, the role's own policy names its actions. */
export function boundaryDocument({ deny, accounts, regions }: BoundaryLimits): object {
  const denied = [...new Set(deny.flatMap(iamActions))].sort();
  const refuse = (Sid: string, Action: string | readonly string[], Condition?: object) => ({
    Sid,
    Effect: 'Deny',
    Action,
    Resource: '*',
    ...(Condition && { Condition }),
  });
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Limit', Effect: 'Allow', Action: '*', Resource: '*' },
      ...(denied.length > 0 ? [refuse('DeniedActions', denied)] : []),
      ...(accounts ? [refuse('OtherAccounts', '*', isOther('aws:ResourceAccount', accounts))] : []),
      ...(regions ? [refuse('OtherRegions', '*', isOther('aws:RequestedRegion', regions))] : []),
    ],
  };
}
