// Stage variables: which names and values API Gateway takes.
import { badRequest } from './errors.ts';

// Wider than the message says, as documented: CreateStage allows [A-Za-z0-9-._~:/?#&=,]+.
const valuePattern = /^[A-Za-z0-9\-._~:/?#&=, ]{1,512}$/;

export function checkVariables(variables: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(variables ?? {})) {
    if (!/^\w{1,64}$/.test(name)) {
      throw badRequest(`Invalid stage variable name: ${name}. Please use names with only word characters.`);
    }
    if (!valuePattern.test(value)) {
      throw badRequest(
        `Invalid stage variable value of key ${name}.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
      );
    }
  }
}
