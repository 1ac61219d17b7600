// The mock integration: its template says with which status its answer is chosen.
import type { BackendRequest } from './backend-request.ts';
import { bytesOf } from './content.ts';
import { configurationError } from './gateway-response.ts';
import type { BackendAnswer } from './mapping.ts';
import type { RouteRequest } from './request.ts';

function statusIn(text: string): unknown {
  try {
    const template: unknown = JSON.parse(text);
    return typeof template === 'object' && template !== null && 'statusCode' in template
      ? template.statusCode
      : undefined;
  } catch {
    // The reader of a mock's template is lenient: names without quotes and single quotes are common.
    const [, status] = /['"]?\bstatusCode['"]?\s*:\s*['"]?(\d+)/.exec(text) ?? [];
    return status;
  }
}

export function answerMock(request: RouteRequest, { body }: BackendRequest): BackendAnswer {
  const status = Number(statusIn(Buffer.from(bytesOf(body)).toString()));
  if (Number.isInteger(status) && status >= 100 && status < 600)
    return { status, headers: {}, body: new Uint8Array() };
  throw configurationError(
    request,
    'Unable to parse statusCode. It should be an integer that is defined in the request template.',
  );
}
