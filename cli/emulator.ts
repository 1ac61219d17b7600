// Another AWS-compatible emulator on the network: its keys, its data plane, and whether it is there.
import type { Connection, Target } from '../handlers/clients.ts';
import { dataPlanePrefix } from '../local/data-plane-address.ts';
import { EngineUnreachable } from './unreachable.ts';

/** Emulators take any keys; the caller's own are used where there are some. */
export const emulatorCredentials = () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'test',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
});

/** Everything is in the emulator but the ledger. */
export const emulatorBeside = (ledger: Target & { readonly region: string }, url: string): Connection => ({
  region: ledger.region,
  endpoint: url,
  credentials: emulatorCredentials(),
  ledger,
});

/** Where emulators serve what is deployed to a stage. */
export const dataPlaneUrl = (url: string) => `${url.replace(/\/$/, '')}${dataPlanePrefix}{api}/{stage}{path}`;

/** Whatever it answers, it is there. @throws EngineUnreachable */
export async function requireEmulator(url: string): Promise<void> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(5000) });
  } catch (error) {
    throw new EngineUnreachable(url, error);
  }
}
