// Which names, paths and tags IAM accepts.
import type { Tag as SdkTag } from '@aws-sdk/client-iam';
import { invalidInput, limitExceeded, validationError } from './errors.ts';
import type { Tag } from './model.ts';

/** `member` is the parameter as IAM names it: `roleName`, `policyName`. */
export function requireName(member: string, name: string | undefined, longest: number): string {
  if (!name) throw validationError(problem(member, 'Member must not be null'));
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  if (name.length > longest) {
    throw validationError(problem(member, `Member must have length less than or equal to ${longest}`));
  }
  return name;
}

const problem = (member: string, constraint: string) =>
  `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`;

export function requirePath(path = '/'): string {
  if (/^(\/|\/[\x21-\x7e]+\/)$/.test(path) && path.length <= 512) return path;
  throw validationError(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

export function requireSessionDuration(seconds = 3600): number {
  if (seconds >= 3600 && seconds <= 43200) return seconds;
  const constraint =
    seconds < 3600
      ? 'Member must have value greater than or equal to 3600'
      : 'Member must have value less than or equal to 43200';
  throw validationError(
    `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: ${constraint}`,
  );
}

/** The tags as they are once `given` is added: keys are compared ignoring case, and a later value wins. */
export function withTags(tags: readonly Tag[], given: readonly SdkTag[] = []): readonly Tag[] {
  const added = given.map(tag => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' }));
  const keys = added.map(tag => tag.Key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  for (const { Key, Value } of added) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(Key)) {
      throw validationError(
        problem('tags', 'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+'),
      );
    }
    if (/^aws:/i.test(Key))
      throw invalidInput('Invalid TagKey: aws: prefixed tag key names are not allowed for external use.');
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(Value)) {
      throw validationError(
        problem('tags', 'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*'),
      );
    }
  }
  const all = [...tags.filter(tag => !keys.includes(tag.Key.toLowerCase())), ...added];
  if (all.length > 50) throw limitExceeded('The number of tags has reached the maximum limit.');
  return all;
}
