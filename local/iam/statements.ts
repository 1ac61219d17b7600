// Reads the statements of a policy document and says which of them speak of a request.
import { type ConditionBlock, type ConditionContext, conditionsHold } from './conditions.ts';
import { matchesWildcard, withVariables } from './wildcard.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: ConditionBlock;
}

/** What is asked of a policy. Most statements need no context: it may be made when it is first read. */
export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** Documents are read again at every call, and there are few of them. */
const parsed = new Map<string, readonly Statement[]>();

export function statementsOf(policyDocument: string): readonly Statement[] {
  let statements = parsed.get(policyDocument);
  if (!statements) {
    const document = JSON.parse(policyDocument) as { Statement?: Statement | readonly Statement[] };
    statements = listOf(document.Statement);
    if (parsed.size >= 1000) parsed.clear();
    parsed.set(policyDocument, statements);
  }
  return statements;
}

/** Whether the statement's action, resource and conditions cover the request; its principal is not looked at. */
export function applies(statement: Statement, request: PolicyRequest): boolean {
  const { resource } = request;
  const isResource = (pattern: string) =>
    matchesArn(pattern.includes('${') ? withVariables(pattern, request.context) : pattern, resource);
  if (!coversAction(statement, request.action)) return false;
  if (statement.Resource && !listOf(statement.Resource).some(isResource)) return false;
  if (statement.NotResource && listOf(statement.NotResource).some(isResource)) return false;
  return statement.Condition === undefined || conditionsHold(statement.Condition, request.context);
}

/** Statements are asked about the same few actions with every call. */
const covered = new WeakMap<Statement, Map<string, boolean>>();

function coversAction(statement: Statement, action: string): boolean {
  const answers = covered.get(statement) ?? new Map<string, boolean>();
  covered.set(statement, answers);
  let answer = answers.get(action);
  if (answer === undefined) {
    const isAction = (pattern: string) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
    answer =
      (!statement.Action || listOf(statement.Action).some(isAction)) &&
      !(statement.NotAction && listOf(statement.NotAction).some(isAction));
    if (answers.size >= 1000) answers.clear();
    answers.set(action, answer);
  }
  return answer;
}

/** Whether the statement's principal names the service, the account or the caller. */
export function namesPrincipal(
  statement: Statement,
  kind: 'AWS' | 'Service',
  names: readonly string[],
): boolean {
  const { Principal } = statement;
  if (Principal === undefined) return false;
  if (typeof Principal === 'string') return Principal === '*';
  return listOf(Principal[kind]).some(principal => principal === '*' || names.includes(principal));
}

/** A wildcard may stand for any part of an ARN; a request for `*` is only met by a pattern that allows all. */
function matchesArn(pattern: string, resource: string): boolean {
  return pattern === '*' || matchesWildcard(pattern, resource);
}
