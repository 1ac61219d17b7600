// The credentials an integration calls its backend with.
import { type Credentials, ServiceError } from '../service.ts';
import { configurationError } from './gateway-response.ts';
import type { Identity, RouteRequest } from './request.ts';

const asCaller = /^arn:aws[\w-]*:iam::\*:user\/\*$/;

/** Undefined where the integration has no role; `arn:aws:iam::*:user/*` stands for the caller's own credentials. */
export function assumeIntegrationRole(
  request: RouteRequest & { readonly identity?: Identity },
  roleArn: string | undefined,
): Credentials | undefined {
  if (!roleArn) return undefined;
  if (asCaller.test(roleArn)) {
    const { credentials } = request.identity ?? {};
    if (!credentials)
      throw configurationError(request, 'Unable to use caller credentials: the caller is anonymous');
    return credentials;
  }
  try {
    return request.aws.assumeRole(roleArn, 'apigateway.amazonaws.com', 'BackplaneAssumeRoleSession');
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw configurationError(request, 'API Gateway does not have permission to assume the provided role');
  }
}
