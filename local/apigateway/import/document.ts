// The body of an import: an OpenAPI 3.0 or Swagger 2.0 document, in JSON or YAML; from here on OpenAPI 3.0.
import type { JsonObject } from '../../../core/openapi.ts';
import type { Aws } from '../../service.ts';
import { badRequest } from '../errors.ts';
import { isObject, list, objects, operationNames, text } from './json.ts';
import { fromSwagger } from './swagger.ts';

/** https://docs.aws.amazon.com/apigateway/latest/api/API_PutRestApi.html */
const largestBody = 6 * 1024 * 1024;

async function parse(aws: Aws, body: string): Promise<unknown> {
  try {
    return JSON.parse(body);
  } catch {
    const release = aws.clock.hold();
    const yaml = await import('yaml').finally(release);
    return yaml.parse(body);
  }
}

export async function readDocument(aws: Aws, body: Uint8Array | undefined): Promise<JsonObject> {
  const invalid = badRequest('Invalid OpenAPI input.');
  if (!body?.length) throw invalid;
  if (body.length > largestBody) throw badRequest('The OpenAPI document is larger than 6 MB');
  let document: unknown;
  try {
    document = await parse(aws, Buffer.from(body).toString());
  } catch {
    throw invalid;
  }
  if (!isObject(document)) throw invalid;
  const openApi = text(document.swagger) === '2.0' ? fromSwagger(document) : document;
  if (!/^3\.0\.\d+$/.test(text(openApi.openapi) ?? '')) throw invalid;
  return openApi;
}

/** What is wrong with a document as such, and does not keep it from being imported. */
export function parseIssues(document: JsonObject): string[] {
  const issue = (attribute: string, problem: string) => `Parse issue: attribute ${attribute} is ${problem}`;
  const { title, version } = objects(document.info);
  const issues = [
    ...(title === undefined ? [issue('info.title', 'missing')] : []),
    ...(version === undefined ? [issue('info.version', 'missing')] : []),
    ...(isObject(document.paths) ? [] : [issue('paths', 'missing')]),
  ];
  const seen = new Set<string>();
  for (const [path, item] of Object.entries(objects(document.paths))) {
    for (const name of Object.keys(operationNames)) {
      const operation = objects(item)[name];
      if (!isObject(operation)) continue;
      const id = text(operation.operationId);
      if (id !== undefined && seen.has(id)) {
        issues.push(issue(`paths.'${path}'(${name}).operationId`, 'repeated'));
      }
      if (id !== undefined) seen.add(id);
      if (!isObject(operation.responses)) {
        issues.push(issue(`paths.'${path}'(${name}).responses`, 'missing'));
      }
    }
  }
  return issues;
}

/** The path in front of all others, by what the request makes of it. */
export function basePathOf(document: JsonObject, parameters: Readonly<Record<string, string>>): string {
  const how = parameters.basepath ?? 'ignore';
  if (how === 'ignore') return '';
  const server = objects(list(document.servers)[0]);
  const url = Object.entries(objects(server.variables)).reduce(
    (filled, [name, variable]) => filled.replace(`{${name}}`, text(objects(variable).default) ?? ''),
    text(server.url) ?? '',
  );
  const path = url
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .split('/')
    .filter(Boolean);
  // `split` leaves out the first part, which is taken for the stage.
  return (how === 'split' ? path.slice(1) : path).map(part => `/${part}`).join('');
}
