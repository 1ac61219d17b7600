// What a stage serves: a deployment and variables, or for some of its requests those of its canary.
import { collections, type DeploymentDocument } from '../apigateway/model.ts';
import type { Aws } from '../service.ts';

export interface ServedStage {
  readonly deployment: DeploymentDocument;
  readonly variables: Readonly<Record<string, string>>;
  /** Absent for a stage without a canary. */
  readonly isCanary?: boolean;
}

const draws = 0x1000000;

export function findStage(aws: Aws, restApiId: string, stageName: string): ServedStage | undefined {
  const { stages, deployments } = collections(aws);
  const stage = stages.get(`${restApiId}/${stageName}`);
  if (!stage) return undefined;
  const { canarySettings: canary, deploymentId, variables = {} } = stage;
  const percent = canary?.deploymentId === undefined ? 0 : (canary.percentTraffic ?? 0);
  const isCanary = percent > 0 && (Number.parseInt(aws.ids.hex(6), 16) / draws) * 100 < percent;
  const deployment = deployments.get(`${restApiId}/${isCanary ? canary?.deploymentId : deploymentId}`);
  return (
    deployment && {
      deployment,
      ...(canary && { isCanary }),
      variables: isCanary ? { ...variables, ...canary?.stageVariableOverrides } : variables,
    }
  );
}
