// What a deployment starts from: names, and the actions that may be exposed unless the deployer says otherwise.

export const stateMachineName = 'ServiceProxyProvisioning';
export const ledgerTable = 'service-proxy-ledger';
export const functionPrefix = 'service-proxy-';
export const boundaryPolicy = { path: '/service-proxy/', name: 'service-proxy-boundary' };

/** Every action but those that administer accounts, identities and keys, or hand out credentials. */
export const allowedActions = ['*'];
export const deniedActions = [
  'account:*',
  'iam:*',
  'kms:*',
  'organizations:*',
  'sso-admin:*',
  'sso:*',
  'sso-oidc:*',
  'sts:*',
  '*:Get*Credentials*',
  '*:GetAuthorizationToken',
  '*:GetSecretValue',
  '*:BatchGetSecretValue',
];

/** Ledger table, as CreateTable takes it. */
export const ledgerTableInput = {
  TableName: ledgerTable,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
} as const;
