// Which API, stage and path a request to the data plane is for.
import type { WireRequest } from './service.ts';

export interface DataPlaneAddress {
  readonly restApiId: string;
  readonly stageName: string;
  /** Path below the stage, still percent-encoded, starting with a slash. */
  readonly path: string;
}

export const dataPlanePrefix = '/_aws/execute-api/';

/** `/_aws/execute-api/{api}/{stage}/{path}`, or `/{stage}/{path}` on the host `{api}.execute-api.…`. */
export function dataPlaneAddress({ path, headers }: WireRequest): DataPlaneAddress | undefined {
  if (path.startsWith(dataPlanePrefix)) {
    const [restApiId = '', stageName = '', ...rest] = path.slice(dataPlanePrefix.length).split('/');
    return { restApiId, stageName, path: `/${rest.join('/')}` };
  }
  const restApiId = /^([a-z0-9]+)\.execute-api\./.exec(headers.host ?? '')?.[1];
  if (!restApiId) return undefined;
  const [stageName = '', ...rest] = path.slice(1).split('/');
  return { restApiId, stageName, path: `/${rest.join('/')}` };
}
