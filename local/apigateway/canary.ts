// A stage's canary: the deployment and variables that a share of its requests gets, until it is promoted or removed.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
import type { CanarySettings, PatchOperation } from '@aws-sdk/client-api-gateway';
import { without } from './defined.ts';
import { badRequest } from './errors.ts';
import type { StageDocument } from './model.ts';
import { notAMethodSetting } from './stage-paths.ts';

/** What is not said: the stage's own deployment, and no request for it yet. */
export function newCanary(
  deploymentId: string | undefined,
  given: CanarySettings | undefined,
): CanarySettings | undefined {
  if (!given) return undefined;
  const { percentTraffic = 0 } = given;
  if (!(percentTraffic >= 0 && percentTraffic <= 100)) throw noPercentage();
  return { deploymentId, useStageCache: false, ...given, percentTraffic };
}

const noPercentage = () =>
  badRequest('Invalid canary percentTraffic specified. Must be between 0.0 and 100.0');

const paths =
  /^\/canarySettings\/(?:(percentTraffic|deploymentId|useStageCache)|stageVariableOverrides\/(.+))$/;

/** `/canarySettings/…`: a first setting makes the canary. */
export function patchCanary(stage: StageDocument, { op, path = '', value }: PatchOperation): StageDocument {
  if (path === '/canarySettings' && op === 'remove') return { ...stage, canarySettings: undefined };
  const [isKnown, member, variable] = paths.exec(path) ?? [];
  if (op !== 'replace') {
    throw isKnown
      ? badRequest(`Invalid ${op} operation with path: ${path}`)
      : badRequest(
          `Cannot ${op} method setting ${path.slice(1)} because there is no method setting for this method `,
        );
  }
  const changed = (settings: CanarySettings) => ({
    ...stage,
    canarySettings: newCanary(stage.deploymentId, { ...stage.canarySettings, ...settings }),
  });
  if (variable !== undefined) {
    const { stageVariableOverrides } = stage.canarySettings ?? {};
    return changed({
      stageVariableOverrides: { ...without(stageVariableOverrides, variable), [variable]: value ?? '' },
    });
  }
  if (member === 'percentTraffic') {
    if (!value) throw noPercentage();
    return changed({ percentTraffic: Number(value) });
  }
  if (member === 'deploymentId') return changed({ deploymentId: value });
  if (member === 'useStageCache') return changed({ useStageCache: value?.toLowerCase() === 'true' });
  throw notAMethodSetting(path);
}

/** Op `copy`: the canary's deployment or its variables become the stage's own. */
export function promoteCanary(stage: StageDocument, { path, from }: PatchOperation): StageDocument {
  const targets = ['/deploymentId', '/variables'];
  const sources = ['/canarySettings/deploymentId', '/canarySettings/stageVariableOverrides'];
  const at = sources.indexOf(from ?? '');
  if (at === -1 || targets[at] !== path) {
    throw badRequest(
      `Invalid copy operation with path: ${path} and from ${from}. Valid copy:path are [${targets.join(', ')}] and valid copy:from are [${sources.join(', ')}]`,
    );
  }
  const { canarySettings: canary } = stage;
  if (!canary) throw badRequest('Promotion not available. Canary does not exist.');
  if (path === '/deploymentId') return { ...stage, deploymentId: canary.deploymentId };
  return { ...stage, variables: { ...stage.variables, ...canary.stageVariableOverrides } };
}
