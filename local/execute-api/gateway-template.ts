// Templates of gateway responses. They are no Velocity: variables are put in, and nothing else is read.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html

const variable =
  /\$((?:context|stageVariables|method\.request\.(?:header|querystring|path))(?:\.[A-Za-z_][\w-]*)+)/g;

/** Puts a value in for each `$context.…`, `$stageVariables.…` and `$method.request.…`; nothing for what has none. */
export const fillIn = (template: string, read: (expression: string) => string | undefined): string =>
  template.replace(variable, (_, expression: string) => read(expression) ?? '');
