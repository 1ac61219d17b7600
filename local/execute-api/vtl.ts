// Mapping templates: Velocity with API Gateway's $input, $util, $context and $stageVariables.
import { evaluate } from './velocity/evaluate.ts';
import { JavaObject, javaText } from './velocity/java.ts';
import { parseJson, writeJson } from './velocity/json.ts';
import { findJson } from './velocity/json-path.ts';

export interface TemplateInput {
  readonly body: string;
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
}

export interface TemplateScope {
  readonly input: TemplateInput;
  /** What a template changes in it, such as `$context.responseOverride`, stays changed. */
  readonly context: object;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** @throws Error where the template cannot be read or run: API Gateway then answers 500. */
export function renderTemplate(template: string, { input, context, stageVariables }: TemplateScope): string {
  return evaluate(template, {
    input: inputOf(input),
    util,
    context,
    stageVariables: { ...stageVariables },
  });
}

/** Text that is no JSON is a JSON string to $input. */
function readBody(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}

function inputOf({ body, path, querystring, header }: TemplateInput): JavaObject {
  const groups = { path: { ...path }, querystring: { ...querystring }, header: { ...header } };
  const document = readBody(body);
  // What a path does not find is an empty string, so `json` gives "" (recorded on AWS).
  const find = (expression: unknown) => {
    const found = findJson(document, String(expression));
    return found === undefined ? '' : found;
  };
  const param = (name: string) => {
    const known = Object.keys(header).find(one => one.toLowerCase() === name.toLowerCase());
    return (
      (Object.hasOwn(path, name) ? path[name] : undefined) ??
      (Object.hasOwn(querystring, name) ? querystring[name] : undefined) ??
      (known === undefined ? '' : header[known])
    );
  };
  return new JavaObject(
    {
      json: expression => writeJson(find(expression)),
      path: find,
      params: name => (name === undefined ? groups : param(String(name))),
    },
    // A request without a body is an empty object (recorded on AWS).
    { body: body === '' ? '{}' : body, params: groups },
  );
}

const escapes: Readonly<Record<string, string>> = {
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

const text = (value: unknown) => (value === undefined || value === null ? '' : javaText(value));

/** Apache Commons' escapeEcmaScript: quotes, backslashes, slashes and control characters, all else as \uXXXX. */
export const escapeJavaScript = (value: unknown): string =>
  text(value).replace(
    /["'\\/\n\r\t\b\f]|[^\x20-\x7e]/g,
    character =>
      escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );

/** java.net.URLEncoder: spaces become +, and fewer characters stay as they are than in JavaScript. */
export const urlEncode = (value: unknown): string =>
  // Through UTF-8 and back: half a surrogate pair has no encoding.
  encodeURIComponent(Buffer.from(text(value)).toString())
    .replace(/[!'()~]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

const util = new JavaObject({
  base64Decode: value => Buffer.from(text(value), 'base64').toString(),
  base64Encode: value => Buffer.from(text(value)).toString('base64'),
  escapeJavaScript,
  parseJson: value => parseJson(text(value)),
  urlDecode: value => decodeURIComponent(text(value).replaceAll('+', ' ')),
  urlEncode,
});
