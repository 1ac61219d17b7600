// What is taken out of the texts that are kept, and what stays readable in them.
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../core/recorded-call.ts';
import { redact, secretsOfInput } from '../../core/redaction.ts';

describe('secretsOfInput', () => {
  it('finds constants and test values, wherever an unchecked input has them', () => {
    const input = {
      service: 'sns',
      parameters: {
        Message: { value: { nested: ['constant'] } },
        TopicArn: { from: 'query', name: 'topic' },
      },
      routes: [{ test: { parameters: { Message: 'tested' } } }, { test: { skip: 'has no safe request' } }],
    };
    expect(secretsOfInput(input)).toEqual(['constant', 'tested']);
  });
});

describe('redact', () => {
  it('takes out a secret as it is, within JSON and within a URL', () => {
    const secret = 'p"ss & word';
    for (const text of [secret, JSON.stringify({ secret }), `?q=${encodeURIComponent(secret)}`]) {
      expect(redact(`before ${text} after`, [secret])).not.toMatch(/ss.*word/);
      expect(redact(`before ${text} after`, [secret])).toContain('[redacted]');
    }
  });

  it('takes out the longer of two secrets first', () => {
    expect(redact('secret-and-more', ['secret', 'secret-and-more'])).toBe('[redacted]');
  });

  it('takes out credentials that nobody named', () => {
    const text =
      'AKIAIOSFODNN7EXAMPLE, Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=abc; "x-amz-security-token":"FwoGZXIvYXdzEJ"';
    expect(redact(text)).not.toMatch(/AKIA|Signature=abc|FwoGZ/);
  });

  it('takes out stack frames, and leaves sentences and short words alone', () => {
    const error =
      'CreateRole: TypeError: x is undefined\n    at run (/var/task/index.mjs:1:2)\n    at process';
    expect(redact(error, ['run'])).toBe('CreateRole: TypeError: x is undefined');
    const quoted = JSON.stringify({ message: error, requestId: 'r1' });
    for (const text of [quoted, JSON.stringify(quoted)]) {
      expect(redact(text)).not.toContain('index.mjs');
      expect(redact(text)).toContain('r1');
    }
  });
});

describe('targetOf', () => {
  it('names identifiers and ledger keys, never other members', () => {
    const put = {
      restApiId: 'a1',
      resourceId: 'r1',
      httpMethod: 'GET',
      body: 'secret',
      headers: { a: 'secret' },
    };
    expect(targetOf(put)).toBe('a1/r1/GET');
    const item = {
      TableName: 't',
      Item: { pk: { S: 'API#a1' }, sk: { S: 'API' }, document: { S: 'secret' } },
    };
    expect(targetOf(item)).toBe('t/API#a1/API');
  });
});
