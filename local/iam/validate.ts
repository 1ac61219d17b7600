// The constraints IAM puts on names, paths, tags and policy texts before it looks at anything else.
import { invalidInput, validationError } from './errors.ts';
import type { Tag } from './model.ts';

const longest = { roleName: 64, policyName: 128, roleSessionName: 64 } as const;

export const violation = (value: unknown, member: string, constraint: string) =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );

const missing = (member: string) =>
  validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );

function checkLength(member: string, value: string, least: number, most: number): void {
  if (value.length < least)
    throw violation(value, member, `Member must have length greater than or equal to ${least}`);
  if (value.length > most)
    throw violation(value, member, `Member must have length less than or equal to ${most}`);
}

export function checkName(member: keyof typeof longest, value: string | undefined): string {
  if (value === undefined) throw missing(member);
  checkLength(member, value, 1, longest[member]);
  if (!/^[\w+=,.@-]+$/.test(value)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  return value;
}

export function checkPath(path: string): string {
  checkLength('path', path, 1, 512);
  if (!/^\/([\x21-\x7e]+\/)?$/.test(path) || path.includes('//')) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  }
  return path;
}

export function checkDescription(description: string): string {
  checkLength('description', description, 0, 1000);
  if (!/^[\t\n\r\x20-\x7e\xa1-\xff]*$/.test(description)) {
    const constraint =
      'Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*';
    throw violation(description, 'description', constraint);
  }
  return description;
}

export function checkDuration(seconds: number, member: string, least: number): number {
  if (seconds < least)
    throw violation(seconds, member, `Member must have value greater than or equal to ${least}`);
  if (seconds > 43_200)
    throw violation(seconds, member, 'Member must have value less than or equal to 43200');
  return seconds;
}

/** IAM takes tab, line feed, carriage return and U+0020 to U+00FF only. */
export function checkPolicyText(member: string, text: string | undefined): string {
  if (text === undefined) throw missing(member);
  checkLength(member, text, 1, 131_072);
  if (!/^[\t\n\r\x20-\xff]+$/.test(text)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only printable ASCII characters.`,
    );
  }
  return text;
}

type GivenTag = { readonly Key?: string | undefined; readonly Value?: string | undefined };

export function checkTags(given: readonly GivenTag[] = []): readonly Tag[] {
  if (given.length > 50) {
    throw violation(`[${given.length} tags]`, 'tags', 'Member must have length less than or equal to 50');
  }
  const tags = given.map(({ Key = '', Value = '' }, i) => {
    checkTagText(`tags.${i + 1}.member.key`, Key, 1, 128);
    checkTagText(`tags.${i + 1}.member.value`, Value, 0, 256);
    if (/^aws:/i.test(Key)) throw invalidInput('Tag keys beginning with aws: are reserved for system use.');
    return { Key, Value };
  });
  if (new Set(tags.map(({ Key }) => Key.toLowerCase())).size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  return tags;
}

function checkTagText(member: string, text: string, least: number, most: number): void {
  checkLength(member, text, least, most);
  if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)) {
    const constraint = 'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';
    throw violation(text, member, constraint);
  }
}
