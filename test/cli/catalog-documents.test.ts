// `service-proxy catalog --json`: each document has the members that are promised, with the types they are promised in.
import { Ajv, type SchemaObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import { ofOperation, ofService } from '../../cli/catalog-answers.ts';
import { sampleOperations } from '../core/derived.ts';
import { serviceProxy } from './command-line.ts';

const text = { type: 'string' };
const orNull = { type: ['string', 'null'] };
const flag = { type: 'boolean' };
const count = { type: 'integer', minimum: 0 };
const texts = { type: 'array', items: text };
const textsByName = { type: 'object', additionalProperties: text };
const countsByName = { type: 'object', minProperties: 1, additionalProperties: count };
const status = { enum: ['verified', 'unverified', 'rejected'] };

/** Exactly these members; those behind the `?` may be missing. */
function members(all: Readonly<Record<string, object>>): SchemaObject {
  const properties = Object.entries(all).map(([name, schema]) => [name.replace('?', ''), schema]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(all).filter(name => !name.endsWith('?')),
    additionalProperties: false,
  };
}

const integration = members({
  httpMethod: text,
  uri: { type: 'string', pattern: '^arn:\\{partition\\}:apigateway:\\{region\\}:[\\w.-]+:(?:action|path)/' },
  requestParameters: textsByName,
  requestTemplates: textsByName,
  passthroughBehavior: { enum: ['NEVER', 'WHEN_NO_MATCH'] },
});

const schemas = {
  operation: members({
    service: text,
    action: text,
    protocol: { enum: ['query', 'ec2', 'json-1.0', 'json-1.1', 'rest-json', 'rest-xml'] },
    readOnly: flag,
    status,
    reason: orNull,
    source: orNull,
    httpMethod: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] },
    integration: { oneOf: [integration, { type: 'null' }] },
    requestModel: { type: ['object', 'null'] },
    parameters: {
      type: 'array',
      items: {
        oneOf: [
          members({
            member: text,
            required: flag,
            type: text,
            from: { enum: ['query', 'path', 'header', 'body', 'payload'] },
            name: text,
          }),
          // A member that is always sent as it is here.
          members({ member: text, required: flag, type: text, value: {} }),
        ],
      },
    },
    iam: members({
      actions: texts,
      resources: { type: 'array', items: { type: 'string', pattern: '^(?:\\*|arn:.+)$' } },
      takesAny: flag,
      needs: texts,
    }),
  }),
  service: {
    type: 'array',
    minItems: 1,
    items: members({ action: text, status, reason: orNull }),
  },
  overview: members({
    models: text,
    services: count,
    operations: count,
    derivable: count,
    byProtocol: countsByName,
    byReason: countsByName,
    byStatus: countsByName,
  }),
};

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

function problemsOf(kind: keyof typeof schemas, document: unknown): string[] {
  const validate = ajv.compile(schemas[kind]);
  // As it is written and read again.
  return validate(JSON.parse(JSON.stringify(document)))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('catalog --json', () => {
  it.each([
    ['operation', ['sns', 'Publish']],
    ['operation', ['lambda', 'InvokeWithResponseStream']],
    ['service', ['s3']],
    ['overview', []],
  ] as const)('prints the document of %s for %j, and nothing else', async (kind, args) => {
    const { exitCode, stdout } = await serviceProxy('catalog', ...args, '--json');
    expect(exitCode).toBe(0);
    expect(problemsOf(kind, JSON.parse(stdout))).toEqual([]);
  });

  it('has the same members for every kind of operation', () => {
    for (const { service, action } of sampleOperations(150)) {
      const document = ofOperation(service, action);
      expect(problemsOf('operation', document), `${service} ${action}`).toEqual([]);
      const isRefused = document.status === 'rejected';
      expect(document.integration === null).toBe(isRefused);
      expect(ofService(service).find(one => one.action === action)).toEqual({
        action,
        status: document.status,
        reason: document.reason,
      });
    }
  });
});
