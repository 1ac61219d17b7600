// Stage variables: which names and values API Gateway takes.
import { badRequest } from './errors.ts';

export function checkVariables(variables: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(variables ?? {})) {
    if (!/^\w{1,64}$/.test(name)) {
      throw badRequest(
        `Invalid stage variable name: ${name}.  Please use names with alphanumeric characters and the symbol '_'.`,
      );
    }
    if (!/^[A-Za-z0-9\-._~:/?#&=, ]{1,512}$/.test(value)) {
      throw badRequest(
        `Invalid stage variable value: ${value}.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
      );
    }
  }
}
