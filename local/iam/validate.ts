// The constraints IAM puts on names, paths, tags and policy texts before it looks at anything else.
import { invalidInput, validationError } from './errors.ts';
import type { Tag } from './model.ts';

const limits = { roleName: 64, policyName: 128, path: 512, description: 1000, roleSessionName: 64 } as const;
const allowed = {
  roleName: /^[\w+=,.@-]+$/,
  policyName: /^[\w+=,.@-]+$/,
  roleSessionName: /^[\w+=,.@-]+$/,
} as const;

const violation = (value: unknown, member: string, constraint: string) =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );

export function checkName(member: keyof typeof allowed, value: string | undefined): string {
  if (value === undefined) {
    throw validationError(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  if (value === '') throw violation(value, member, 'Member must have length greater than or equal to 1');
  checkLength(member, value);
  if (!allowed[member].test(value)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  return value;
}

export function checkPath(path: string): string {
  checkLength('path', path);
  if (!/^\/$|^\/[\x21-\x7e]+\/$/.test(path) || path.includes('//')) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  }
  return path;
}

export function checkDescription(description: string): void {
  checkLength('description', description);
  if (!/^[\t\n\r\x20-\x7e\xa1-\xff]*$/.test(description)) {
    throw violation(
      description,
      'description',
      'Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
    );
  }
}

export function checkSessionDuration(seconds: number, member: string, least: number, most = 43_200): number {
  if (seconds < least)
    throw violation(seconds, member, `Member must have value greater than or equal to ${least}`);
  if (seconds > most)
    throw violation(seconds, member, `Member must have value less than or equal to ${most}`);
  return seconds;
}

export function checkPolicyText(member: string, text: string | undefined): string {
  if (!text) throw violation(text ?? '', member, 'Member must have length greater than or equal to 1');
  if (!/^[\t\n\r\x20-\xff]+$/.test(text)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only printable ASCII characters.`,
    );
  }
  return text;
}

export function checkTags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): Tag[] {
  if (tags.length > 50) {
    throw violation(`[${tags.length} tags]`, 'tags', 'Member must have length less than or equal to 50');
  }
  const checked = tags.map(({ Key = '', Value = '' }, i) => {
    const member = `tags.${i + 1}.member`;
    if (Key === '')
      throw violation(Key, `${member}.key`, 'Member must have length greater than or equal to 1');
    if (Key.length > 128)
      throw violation(Key, `${member}.key`, 'Member must have length less than or equal to 128');
    if (Value.length > 256) {
      throw violation(Value, `${member}.value`, 'Member must have length less than or equal to 256');
    }
    for (const [part, text] of [
      ['key', Key],
      ['value', Value],
    ] as const) {
      if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)) {
        throw violation(
          text,
          `${member}.${part}`,
          'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+',
        );
      }
    }
    if (/^aws:/i.test(Key)) throw invalidInput('Tag keys beginning with aws: are reserved for system use.');
    return { Key, Value };
  });
  if (new Set(checked.map(({ Key }) => Key.toLowerCase())).size < checked.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  return checked;
}

function checkLength(member: keyof typeof limits, value: string): void {
  if (value.length > limits[member]) {
    throw violation(value, member, `Member must have length less than or equal to ${limits[member]}`);
  }
}
