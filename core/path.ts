// Resource paths: which ones API Gateway accepts, and the resources a path consists of.

/** API Gateway answers these at the root itself, for health checks. */
const reserved = new Set(['/ping', '/sping']);
const segment = /^(?:[a-zA-Z0-9._\-:]+|\{[a-zA-Z0-9._\-:]+\+?\})$/;

/** What is wrong with a path, in words; nothing when API Gateway would accept it. */
export function pathProblems(path: string): string[] {
  if (!path.startsWith('/')) return ['must start with a slash'];
  if (path === '/') return [];
  const problems: string[] = [];
  const segments = path.slice(1).split('/');
  if (segments.includes('')) problems.push('must not contain an empty segment or end with a slash');
  for (const part of segments) {
    if (part !== '' && !segment.test(part)) {
      problems.push(
        `segment "${part}" is not accepted by API Gateway: letters, digits, ". _ - :", or one variable as {name} or {name+}`,
      );
    }
  }
  if (segments.slice(0, -1).some(part => part.endsWith('+}'))) {
    problems.push('a greedy variable {name+} can only be the last segment');
  }
  const variables = pathVariables(path);
  for (const name of new Set(variables.filter((variable, index) => variables.indexOf(variable) !== index))) {
    problems.push(`variable {${name}} occurs more than once`);
  }
  if (reserved.has(path)) problems.push(`${path} is reserved by API Gateway for health checks`);
  return problems;
}

/** Names of the variables in a path: `/items/{id}/{rest+}` → `id`, `rest`. */
export function pathVariables(path: string): string[] {
  return [...path.matchAll(/\{([^}+]+)\+?\}/g)].flatMap(match => match[1] ?? []);
}

/** The resources below the root that a path needs, parents first: `/a/b` → `/a`, `/a/b`. */
export function resourcePaths(path: string): string[] {
  if (path === '/') return [];
  const segments = path.slice(1).split('/');
  return segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function pathPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The variable that stands beside `path` under the same parent, where both are variables:
 * API Gateway allows one variable per parent.
 */
export function siblingVariable(path: string, others: Iterable<string>): string | undefined {
  if (!pathPart(path).startsWith('{')) return undefined;
  for (const other of others) {
    if (other !== path && parentPath(other) === parentPath(path) && pathPart(other).startsWith('{'))
      return other;
  }
  return undefined;
}
