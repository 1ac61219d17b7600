// Permissions a role may need besides those of the operation, which the operation's name does not show.
import type { Operation, Shape } from '../core/operation.ts';

/** Service → operation → permissions on other things than the resource itself. */
const further: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    CopyObject: 's3:GetObjectTagging and s3:PutObjectTagging where the source has tags',
    DeleteObject: 's3:DeleteObjectVersion where a version is named',
    DeleteObjects: 's3:DeleteObjectVersion where versions are named',
    GetObject: 's3:GetObjectVersion where a version is named',
    GetObjectAttributes: 's3:GetObject on the object',
    HeadObject: 's3:GetObjectVersion where a version is named',
    PutObject: 's3:PutObjectAcl where an ACL is given, s3:PutObjectTagging where tags are',
  },
};

/** Encryption at rest with a key of one's own needs permissions that no operation's name shows. */
const encrypts = new Set(['dynamodb', 'kinesis', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm']);

const passesRole = /role_?arn$|^role$|^iam_?role$/i;

/** Members, at any depth, through which a role is handed to the service. */
function rolesPassed(input: Shape | undefined, shapes: Readonly<Record<string, Shape>>): string[] {
  const found = new Set<string>();
  const seen = new Set<Shape>();
  const queue = input ? [input] : [];
  for (let shape = queue.pop(); shape !== undefined; shape = queue.pop()) {
    if (seen.has(shape)) continue;
    seen.add(shape);
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      const below = shapes[member.shape];
      if (below?.type === 'string' && passesRole.test(name)) found.add(name);
      else if (below) queue.push(below);
    }
    const below = shapes[shape.element ?? shape.value ?? ''];
    if (below) queue.push(below);
  }
  return [...found].sort();
}

export function needsOf({
  service,
  action,
  input,
  shapes,
  readOnly,
  iam,
}: Pick<Operation, 'service' | 'action' | 'input' | 'shapes' | 'readOnly'> & {
  readonly iam: { readonly resources: readonly string[] };
}): string[] {
  const own = further[service]?.[action];
  const roles = readOnly ? [] : rolesPassed(input, shapes);
  const isEncrypted = iam.resources.length > 0 && encrypts.has(service);
  return [
    ...(own ? [own] : []),
    ...roles.map(name => `iam:PassRole on the role given as ${name}`),
    ...(isEncrypted
      ? ['permissions on the KMS key where the resource is encrypted with a customer managed one']
      : []),
  ];
}
