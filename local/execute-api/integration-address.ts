// What an AWS integration's URI points at.

export interface IntegrationAddress {
  readonly region: string;
  readonly service: string;
  readonly subdomain?: string;
  readonly kind: 'action' | 'path';
  readonly rest: string;
}

/** `arn:aws:apigateway:{region}:{subdomain.}{service}:{action|path}/{…}` */
export function addressOf(uri: string): IntegrationAddress | undefined {
  const found = /^arn:[^:]+:apigateway:([^:]+):(?:([^:]+)\.)?([^:.]+):(action|path)\/(.*)$/s.exec(uri);
  if (!found) return undefined;
  const [, region = '', subdomain, service = '', kind, rest = ''] = found;
  const address = { region, service, kind: kind === 'action' ? kind : 'path', rest } as const;
  return subdomain === undefined ? address : { ...address, subdomain };
}

export const functionArnOf = (uri: string): string | undefined =>
  /:lambda:path\/+2015-03-31\/functions\/(arn:[^/]+)\/invocations/.exec(uri)?.[1];

/** `${stageVariables.name}`, in a URI and in the ARN of a role. */
export const withStageVariables = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{stageVariables\.([^}]+)\}/g, (_, name: string) => variables[name] ?? '');

/** `{name}` by the path parameters of the request to the backend; slashes stay, all else is encoded. */
export const withPathParameters = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{([^{}]+?)\+?\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? encodePath(values[name] ?? '') : whole,
  );

const encodePath = (value: string) => value.split('/').map(encodeURIComponent).join('/');
