// The grammar every kind of policy document shares: its members, their types, its version.
import { isConditionOperator } from './conditions.ts';
import { malformedPolicy } from './errors.ts';
import { listOf, type Statement } from './statements.ts';

const members = new Set(['Version', 'Id', 'Statement']);
const statementMembers = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

/** The statements of a document that IAM would read without a syntax error. */
export function parsePolicy(text: string): readonly Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
  const syntax = malformedPolicy('Syntax errors in policy.');
  if (!isObject(document) || !Object.keys(document).every(key => members.has(key))) throw syntax;
  const { Version, Statement: given } = document;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') throw syntax;
  const statements: readonly unknown[] = listOf(given);
  if (statements.length === 0 || !statements.every(isStatement)) throw syntax;
  const sids = statements.flatMap(({ Sid }) => (Sid ? [Sid] : []));
  if (new Set(sids).size < sids.length) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  }
  return statements;
}

function isStatement(statement: unknown): statement is Statement {
  if (!isObject(statement) || !Object.keys(statement).every(key => statementMembers.has(key))) return false;
  const { Effect, Sid, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } =
    statement;
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    (Sid === undefined || (typeof Sid === 'string' && /^[A-Za-z0-9]*$/.test(Sid))) &&
    (Action === undefined || NotAction === undefined) &&
    (Resource === undefined || NotResource === undefined) &&
    [Action, NotAction, Resource, NotResource].every(isTexts) &&
    [Principal, NotPrincipal].every(isPrincipal) &&
    (Condition === undefined || isCondition(Condition))
  );
}

const isPrincipal = (principal: unknown): boolean =>
  principal === undefined ||
  typeof principal === 'string' ||
  (isObject(principal) && Object.values(principal).every(isTexts));

const isCondition = (condition: unknown): boolean =>
  isObject(condition) &&
  Object.entries(condition).every(
    ([operator, keys]) =>
      isConditionOperator(operator) && isObject(keys) && Object.values(keys).every(isValue),
  );

const isValue = (value: unknown): boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every(isValue));

const isTexts = (value: unknown): boolean =>
  value === undefined ||
  typeof value === 'string' ||
  (Array.isArray(value) && value.every(item => typeof item === 'string'));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
