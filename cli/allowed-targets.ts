// --allow-target: where, on the embedded AWS, an input may place its API besides the account and region of the engine.
import { invalidInput, type Problem } from '../core/errors.ts';
import type { AllowedTargets } from '../core/target.ts';
import { targetBoundary } from '../statemachine/target-role.ts';

/** @throws ServiceProxyError `InvalidInput` for what is neither the ARN of a role nor a region */
export function allowedTargets(given: readonly string[] = []): AllowedTargets {
  const regions = given.filter(one => /^[a-z]{2}(-[a-z]+)+-\d$/.test(one));
  const arns = given.filter(one => /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(one));
  const problems = given
    .filter(one => !regions.includes(one) && !arns.includes(one))
    .map(
      (one): Problem => ({
        path: '--allow-target',
        message: `"${one}" is neither a role's ARN nor a region`,
      }),
    );
  if (problems.length > 0) throw invalidInput(problems);
  return {
    regions,
    roles: arns.map(roleArn => ({ roleArn, permissionsBoundary: targetBoundary(roleArn) })),
  };
}
