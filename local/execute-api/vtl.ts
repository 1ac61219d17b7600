// Mapping templates: Velocity with API Gateway's $input, $util, $context and $stageVariables.
import { JSONPath } from 'jsonpath-plus';
import { Compile, parse } from 'velocityjs';
import { hasMethods, javaText, methodOf } from './java.ts';

export interface TemplateInput {
  readonly body: string;
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
}

export interface TemplateScope {
  readonly input: TemplateInput;
  readonly context: Record<string, unknown>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** What a template left in $context besides its text. */
export interface Rendered {
  readonly text: string;
  readonly requestOverride: Overrides;
  readonly responseOverride: Overrides;
}

export interface Overrides {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly querystring?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
}

const own = <T extends object>(methods: T): T => Object.assign(methods, { [hasMethods]: true });

/** A body that is no JSON is a string to `path`, as on AWS. */
function parseBody(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function find(document: unknown, path: string): unknown {
  if (path === '$') return document;
  if (typeof document !== 'object' || document === null) return undefined;
  const expression = path.startsWith('$') ? path : `$.${path}`;
  const isDefinite = !/[*?]|\.\.|,|:|\[\(/.test(expression);
  return JSONPath({ path: expression, json: document, wrap: !isDefinite, eval: 'safe' });
}

function inputOf(input: TemplateInput) {
  const document = parseBody(input.body);
  const groups = {
    path: { ...input.path },
    querystring: { ...input.querystring },
    header: { ...input.header },
  };
  return own({
    body: input.body === '' ? '{}' : input.body,
    json(path: string) {
      const found = find(document, path);
      return found === undefined ? '""' : JSON.stringify(found);
    },
    path: (path: string) => structuredClone(find(document, path)) ?? '',
    params(name?: string) {
      if (name === undefined) return groups;
      if (name === 'path' || name === 'querystring' || name === 'header') {
        const named = groups.path[name] ?? groups.querystring[name];
        return named ?? groups[name];
      }
      const header = Object.keys(groups.header).find(one => one.toLowerCase() === name.toLowerCase());
      return (
        groups.path[name] ?? groups.querystring[name] ?? (header === undefined ? '' : groups.header[header])
      );
    },
  });
}

/** Apache Commons' escapeEcmaScript: quotes, backslashes, slashes and control characters, all else as \uXXXX. */
export function escapeJavaScript(value: unknown): string {
  const named: Readonly<Record<string, string>> = {
    '"': '\\"',
    "'": "\\'",
    '\\': '\\\\',
    '/': '\\/',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\b': '\\b',
    '\f': '\\f',
  };
  const text = typeof value === 'string' ? value : javaText(value);
  return text.replace(/["'\\/\n\r\t\b\f]|[^\x20-\x7e]/g, character => {
    return named[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** java.net.URLEncoder: spaces become +, and fewer characters stay as they are than in JavaScript. */
export function urlEncode(value: unknown): string {
  // Through UTF-8 and back: half a surrogate pair has no encoding.
  const text = typeof value === 'string' ? value : javaText(value);
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()~]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

const util = () =>
  own({
    base64Decode: (text: string) => Buffer.from(String(text), 'base64').toString(),
    base64Encode: (text: string) => Buffer.from(String(text)).toString('base64'),
    escapeJavaScript,
    parseJson: (text: string) => parseBody(String(text)),
    urlDecode: (text: string) => decodeURIComponent(String(text).replaceAll('+', ' ')),
    urlEncode,
  });

const parsed = new Map<string, ReturnType<typeof parse>>();

function parseTemplate(template: string): ReturnType<typeof parse> {
  let tree = parsed.get(template);
  if (!tree) {
    tree = parse(template);
    if (parsed.size > 500) parsed.clear();
    parsed.set(template, tree);
  }
  return tree;
}

/** @throws Error where the template cannot be read or run: API Gateway then answers 500. */
export function renderTemplate(template: string, scope: TemplateScope): Rendered {
  const requestOverride = { path: {}, querystring: {}, header: {} };
  const responseOverride = { header: {} };
  const context = { ...scope.context, requestOverride, responseOverride };
  const compiled = new Compile(parseTemplate(template), {
    escape: false,
    customMethodHandlers: [
      {
        uid: 'java',
        match: ({ property, context: target }) => methodOf(target, property) !== undefined,
        resolve: ({ property, context: target, params }) =>
          methodOf(target, property)?.(...(params as never[])),
      },
    ],
  });
  const text = compiled.render({
    input: inputOf(scope.input),
    util: util(),
    context,
    stageVariables: { ...scope.stageVariables },
  });
  return { text, requestOverride, responseOverride };
}
