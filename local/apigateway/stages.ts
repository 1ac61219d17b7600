// CreateStage, GetStage(s), UpdateStage, DeleteStage; and the stage part of CreateDeployment.
import type {
  CanarySettings,
  CreateDeploymentRequest,
  CreateStageRequest,
  DeleteStageRequest,
  FlushStageAuthorizersCacheRequest,
  FlushStageCacheRequest,
  GetStageRequest,
  GetStagesRequest,
  Stage,
  Stages,
  UpdateStageRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { newCanary } from './canary.ts';
import { defined, nonEmpty } from './defined.ts';
import { badRequest, conflict, limitExceeded, notFound } from './errors.ts';
import { findRestApi, findStage } from './find.ts';
import { collections, type DeploymentDocument, type StageDocument } from './model.ts';
import { applyStagePatch } from './stage-patch.ts';
import { checkVariables } from './stage-variables.ts';
import { newTags } from './tags.ts';

const mostStages = 10;

type NewStage = Pick<Stage, 'deploymentId' | 'description' | 'variables' | 'canarySettings' | 'tags'> &
  Pick<Stage, 'cacheClusterEnabled' | 'cacheClusterSize' | 'tracingEnabled' | 'documentationVersion'>;

export function stageOperations(aws: Aws) {
  const all = collections(aws);

  return {
    CreateStage({ restApiId, stageName = '', ...members }: CreateStageRequest): Stage {
      const { id } = findRestApi(aws, restApiId);
      checkStageName(stageName);
      if (!all.deployments.has(`${id}/${members.deploymentId}`))
        throw notFound('Deployment id does not exist');
      if (all.stages.has(`${id}/${stageName}`)) throw conflict('Stage already exists');
      checkDocumentationVersion(aws, id, members.documentationVersion);
      checkCanaryDeployment(aws, id, members.canarySettings);
      const stage = newStage(aws, id, stageName, members);
      all.stages.set(`${id}/${stageName}`, stage);
      return presentStage(stage);
    },

    GetStage: (name: GetStageRequest): Stage => presentStage(findStage(aws, name)),

    /** By name, and all at once: this list has no pages. */
    GetStages({ restApiId, deploymentId }: GetStagesRequest): Stages {
      const { id } = findRestApi(aws, restApiId);
      const item = stagesOf(aws, id)
        .filter(stage => deploymentId === undefined || stage.deploymentId === deploymentId)
        .sort((a, b) => (a.stageName < b.stageName ? -1 : 1))
        .map(presentStage);
      return { item };
    },

    UpdateStage({ patchOperations, ...name }: UpdateStageRequest): Stage {
      const before = findStage(aws, name);
      const patched = applyStagePatch(before, patchOperations);
      const { restApiId, stageName, deploymentId } = patched;
      if (deploymentId !== before.deploymentId && !all.deployments.has(`${restApiId}/${deploymentId}`)) {
        throw badRequest('Deployment id does not exist');
      }
      checkCanaryDeployment(aws, restApiId, patched.canarySettings);
      if (patched.documentationVersion !== before.documentationVersion) {
        checkDocumentationVersion(aws, restApiId, patched.documentationVersion);
      }
      checkVariables(patched.variables);
      const stage = withCacheStatus(defined({ ...patched, lastUpdatedDate: aws.clock.now() }));
      all.stages.set(`${restApiId}/${stageName}`, stage);
      return presentStage(stage);
    },

    DeleteStage(name: DeleteStageRequest): object {
      const { restApiId, stageName } = findStage(aws, name);
      all.stages.delete(`${restApiId}/${stageName}`);
      return {};
    },

    FlushStageCache(name: FlushStageCacheRequest): object {
      findStage(aws, name);
      return {};
    },

    FlushStageAuthorizersCache(name: FlushStageAuthorizersCacheRequest): object {
      findStage(aws, name);
      return {};
    },
  } satisfies Record<string, Operation>;
}

/** The stage that CreateDeployment names: a new one, or the one there is, pointed at the deployment. */
export function stageFor(
  aws: Aws,
  { restApiId, id }: DeploymentDocument,
  input: CreateDeploymentRequest,
): StageDocument {
  const stageName = input.stageName ?? '';
  checkStageName(stageName);
  checkVariables(input.variables);
  const existing = collections(aws).stages.get(`${restApiId}/${stageName}`);
  const asked = defined({
    description: nonEmpty(input.stageDescription),
    variables: input.variables,
    cacheClusterEnabled: input.cacheClusterEnabled,
    cacheClusterSize: input.cacheClusterSize,
    tracingEnabled: input.tracingEnabled,
  });
  if (!existing) return newStage(aws, restApiId, stageName, { ...asked, deploymentId: id });
  // A canary release leaves the stage's own deployment where it is; any other ends the canary.
  const target = input.canarySettings
    ? { canarySettings: newCanary(id, input.canarySettings) }
    : { deploymentId: id, canarySettings: undefined };
  return withCacheStatus(defined({ ...existing, ...asked, ...target, lastUpdatedDate: aws.clock.now() }));
}

const stagesOf = (aws: Aws, restApiId: string) =>
  [...collections(aws).stages.values()].filter(stage => stage.restApiId === restApiId);

function newStage(aws: Aws, restApiId: string, stageName: string, members: NewStage): StageDocument {
  checkVariables(members.variables);
  if (stagesOf(aws, restApiId).length >= mostStages) {
    throw limitExceeded(
      'Maximum number of stages for this API has been reached. Please contact AWS if you need additional stages.',
    );
  }
  const now = aws.clock.now();
  return withCacheStatus(
    defined({
      restApiId,
      stageName,
      deploymentId: members.deploymentId,
      description: nonEmpty(members.description),
      cacheClusterEnabled: members.cacheClusterEnabled ?? false,
      cacheClusterSize: members.cacheClusterSize,
      methodSettings: {},
      variables: members.variables,
      documentationVersion: nonEmpty(members.documentationVersion),
      canarySettings: newCanary(members.deploymentId, members.canarySettings),
      tracingEnabled: members.tracingEnabled ?? false,
      tags: newTags(members.tags),
      createdDate: now,
      lastUpdatedDate: now,
    }),
  );
}

/** A cache cluster is there as soon as it is asked for; the smallest one unless a size is named. */
function withCacheStatus(stage: StageDocument): StageDocument {
  return stage.cacheClusterEnabled
    ? { ...stage, cacheClusterStatus: 'AVAILABLE', cacheClusterSize: stage.cacheClusterSize ?? '0.5' }
    : { ...stage, cacheClusterStatus: 'NOT_AVAILABLE' };
}

// Hyphens are documented since; the message has not changed.
function checkStageName(stageName: string): void {
  if (!/^[\w-]{1,128}$/.test(stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_');
}

function checkCanaryDeployment(aws: Aws, restApiId: string, canary: CanarySettings | undefined): void {
  const id = canary?.deploymentId;
  if (id !== undefined && !collections(aws).deployments.has(`${restApiId}/${id}`)) {
    throw badRequest('Deployment id does not exist');
  }
}

function checkDocumentationVersion(aws: Aws, restApiId: string, version: string | undefined): void {
  if (version && !collections(aws).documentationVersions.has(`${restApiId}/${version}`)) {
    throw notFound('Invalid Documentation version specified');
  }
}

function presentStage({ restApiId: _, createdDate, lastUpdatedDate, ...stage }: StageDocument): Stage {
  return {
    ...stage,
    createdDate: new Date(createdDate ?? 0),
    lastUpdatedDate: new Date(lastUpdatedDate ?? 0),
  };
}
