// Checks a policy document as IAM does before it keeps it, and hands it out the way IAM does.
import { isConditionOperator } from './conditions.ts';
import { limitExceeded, malformedPolicy, validationError } from './errors.ts';
import { listOf, type Statement } from './statements.ts';

export type PolicyKind = 'trust' | 'identity';

/** IAM's answers carry documents percent-encoded, by RFC 3986. */
export const encodedDocument = (document: string) =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Whitespace does not count towards IAM's quotas. */
export const sizeOf = (document: string) => document.replace(/\s/g, '').length;

const fields: Readonly<Record<string, true>> = {
  Sid: true,
  Effect: true,
  Action: true,
  NotAction: true,
  Resource: true,
  NotResource: true,
  Principal: true,
  NotPrincipal: true,
  Condition: true,
};

export function requirePolicy(kind: PolicyKind, member: string, document: string | undefined): string {
  if (!document) {
    throw validationError(
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  const content = contentOf(document);
  const { Version, Id: _id, Statement: statements, ...unknown } = content;
  if (Object.keys(unknown).length > 0) throw malformedPolicy('Syntax errors in policy.');
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformedPolicy('Syntax errors in policy.');
  }
  const list = listOf(statements as Statement | readonly Statement[] | undefined);
  if (list.length === 0) throw malformedPolicy('Syntax errors in policy.');
  for (const statement of list) requireStatement(kind, statement);
  const sids = list.flatMap(({ Sid }) => (Sid ? [Sid] : []));
  if (new Set(sids).size < sids.length) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  }
  if (kind === 'trust' && sizeOf(document) > 2048) {
    throw limitExceeded('Cannot exceed quota for ACLSizePerRole: 2048');
  }
  return document;
}

function contentOf(document: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(document);
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw malformedPolicy('Syntax errors in policy.');
  }
  return content as Record<string, unknown>;
}

function requireStatement(kind: PolicyKind, statement: Statement): void {
  const isObject = typeof statement === 'object' && statement !== null && !Array.isArray(statement);
  if (!isObject || Object.keys(statement).some(field => !Object.hasOwn(fields, field))) {
    throw malformedPolicy('Syntax errors in policy.');
  }
  const { Sid, Effect, Condition = {} } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformedPolicy('Syntax errors in policy.');
  if (Sid !== undefined && !/^[a-zA-Z0-9]*$/.test(Sid)) {
    throw malformedPolicy(
      `Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*`,
    );
  }
  if (!Object.keys(Condition).every(isConditionOperator)) throw malformedPolicy('Syntax errors in policy.');
  requireActions(statement);
  if (kind === 'trust') requireTrust(statement);
  else requireResources(statement);
}

function requireActions({ Action, NotAction }: Statement): void {
  const actions = [...listOf(Action), ...listOf(NotAction)];
  if (actions.length === 0) throw malformedPolicy('Policy statement must contain actions.');
  if (!actions.every(action => action === '*' || /^[a-zA-Z0-9-]+:.+$/.test(action))) {
    throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
}

function requireTrust({
  Resource,
  NotResource,
  Principal,
  NotPrincipal,
  Action,
  NotAction,
}: Statement): void {
  if (Resource !== undefined || NotResource !== undefined)
    throw malformedPolicy('Has prohibited field Resource');
  if (Principal === undefined && NotPrincipal === undefined) {
    throw malformedPolicy('Missing required field Principal');
  }
  const isSts = (action: string) => action === '*' || action.toLowerCase().startsWith('sts:');
  if (![...listOf(Action), ...listOf(NotAction)].every(isSts)) {
    throw malformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.');
  }
}

function requireResources({ Resource, NotResource, Principal, NotPrincipal }: Statement): void {
  if (Principal !== undefined || NotPrincipal !== undefined) {
    throw malformedPolicy('Policy document should not specify a principal.');
  }
  const resources = [...listOf(Resource), ...listOf(NotResource)];
  if (resources.length === 0) throw malformedPolicy('Policy statement must contain resources.');
  for (const resource of resources) {
    if (resource === '*') continue;
    if (!resource.startsWith('arn:')) {
      throw malformedPolicy(`Resource ${resource} must be in ARN format or "*".`);
    }
    if (resource.split(':').length < 6 && !resource.includes('*')) {
      throw malformedPolicy(`The policy failed legacy parsing`);
    }
  }
}
