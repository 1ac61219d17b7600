// State machines: made, changed, described, listed, tagged and deleted.
import type {
  CreateStateMachineInput,
  DeleteStateMachineInput,
  DescribeStateMachineInput,
  DescribeStateMachineOutput,
  ListStateMachinesInput,
  UpdateStateMachineInput,
  ValidateStateMachineDefinitionInput,
  ValidateStateMachineDefinitionOutput,
} from '@aws-sdk/client-sfn';
import { findRoleByArn } from '../iam/model.ts';
import { type Aws, ServiceError } from '../service.ts';
import { checkArn, checkName, machineArn } from './arns.ts';
import {
  checkMember,
  checkPresent,
  invalidArn,
  invalidDefinition,
  machineExists,
  machineMissing,
  missingParameter,
  notImplemented,
  roleNotAssumable,
} from './errors.ts';
import { page } from './paging.ts';
import {
  isExpress,
  type MachineDocument,
  machines,
  type RevisionDocument,
  revisionKey,
  revisions,
} from './records.ts';
import { validateDefinition } from './validate.ts';

export function findMachine(aws: Aws, arn: string): MachineDocument {
  const machine = machines(aws).get(arn);
  if (!machine) throw machineMissing(arn);
  return machine;
}

export function findRevision(aws: Aws, arn: string, revisionId: string): RevisionDocument {
  const revision = revisions(aws).get(revisionKey(arn, revisionId));
  if (!revision) throw machineMissing(arn);
  return revision;
}

export function machineOperations(aws: Aws, stopExecutionsOf: (stateMachineArn: string) => void) {
  const revise = (arn: string, revision: RevisionDocument): string => {
    const revisionId = aws.ids.uuid();
    revisions(aws).set(revisionKey(arn, revisionId), revision);
    return revisionId;
  };

  return {
    CreateStateMachine(input: CreateStateMachineInput) {
      const name = checkName(input.name);
      checkPresent('definition', input.definition);
      checkMember('type', input.type, ['STANDARD', 'EXPRESS']);
      refuseOptions(input);
      const definition = checkDefinition(input.definition);
      const roleArn = checkRole(aws, input.roleArn);
      const stateMachineArn = machineArn(aws, name);
      const existing = machines(aws).get(stateMachineArn);
      if (existing) {
        const revision = findRevision(aws, stateMachineArn, existing.revisionId);
        // Idempotent by name and definition; another role and other tags are ignored.
        const isSame =
          revision.definition === definition && isExpress(existing) === (input.type === 'EXPRESS');
        if (!isSame) throw machineExists(stateMachineArn);
        return { stateMachineArn, creationDate: new Date(existing.creationDate) };
      }
      const creationDate = aws.clock.now();
      const revisionId = revise(stateMachineArn, { definition, roleArn, updateDate: creationDate });
      machines(aws).set(stateMachineArn, {
        stateMachineArn,
        name,
        ...(input.type === 'EXPRESS' && { type: input.type }),
        creationDate,
        revisionId,
        isRevised: false,
        loggingConfiguration: { includeExecutionData: false, level: 'OFF', ...input.loggingConfiguration },
        tracingConfiguration: { enabled: false, ...input.tracingConfiguration },
        tags: input.tags ?? [],
      });
      return { stateMachineArn, creationDate: new Date(creationDate) };
    },

    UpdateStateMachine(input: UpdateStateMachineInput) {
      const arn = checkArn('stateMachineArn', input.stateMachineArn, 'stateMachine');
      const machine = findMachine(aws, arn);
      const { loggingConfiguration, tracingConfiguration } = input;
      if (!input.definition && !input.roleArn && !loggingConfiguration && !tracingConfiguration) {
        throw missingParameter(
          'Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the EncryptionConfiguration must be specified',
        );
      }
      refuseOptions(input);
      const current = findRevision(aws, arn, machine.revisionId);
      const updateDate = aws.clock.now();
      const revisionId = revise(arn, {
        definition: input.definition === undefined ? current.definition : checkDefinition(input.definition),
        roleArn: input.roleArn === undefined ? current.roleArn : checkRole(aws, input.roleArn),
        updateDate,
      });
      machines(aws).set(arn, {
        ...machine,
        revisionId,
        isRevised: true,
        ...(loggingConfiguration && { loggingConfiguration }),
        ...(tracingConfiguration && { tracingConfiguration }),
      });
      return { updateDate: new Date(updateDate), revisionId };
    },

    /** AWS ends the executions at their next transition; here they end at once. */
    DeleteStateMachine(input: DeleteStateMachineInput) {
      const arn = checkArn('stateMachineArn', input.stateMachineArn, 'stateMachine');
      if (machines(aws).delete(arn)) stopExecutionsOf(arn);
      return {};
    },

    DescribeStateMachine(input: DescribeStateMachineInput): DescribeStateMachineOutput {
      const arn = checkArn('stateMachineArn', input.stateMachineArn, 'stateMachine');
      const { tags: _, creationDate, isRevised, revisionId, ...machine } = findMachine(aws, arn);
      const { definition, roleArn } = findRevision(aws, arn, revisionId);
      const isWhole = input.includedData !== 'METADATA_ONLY';
      return {
        ...machine,
        creationDate: new Date(creationDate),
        definition: isWhole ? definition : undefined,
        roleArn,
        type: machine.type ?? 'STANDARD',
        status: 'ACTIVE',
        encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
        ...(isRevised && { revisionId }),
      };
    },

    ListStateMachines(input: ListStateMachinesInput) {
      const { items, ...next } = page([...machines(aws).values()], input);
      const stateMachines = items.map(({ stateMachineArn, name, type = 'STANDARD', creationDate }) => ({
        stateMachineArn,
        name,
        type,
        creationDate: new Date(creationDate),
      }));
      return { stateMachines, ...next };
    },

    ValidateStateMachineDefinition(
      input: ValidateStateMachineDefinitionInput,
    ): ValidateStateMachineDefinitionOutput {
      checkPresent('definition', input.definition);
      const all = validateDefinition(input.definition ?? '');
      const diagnostics = all.slice(0, input.maxResults || 100).map(problem => ({
        severity: 'ERROR' as const,
        ...problem,
        location: problem.location ?? undefined,
      }));
      return {
        result: all.length > 0 ? 'FAIL' : 'OK',
        diagnostics,
        truncated: diagnostics.length < all.length,
      };
    },
  };
}

function refuseOptions(input: CreateStateMachineInput | UpdateStateMachineInput): void {
  if (input.publish) throw notImplemented('Publishing a state machine version');
  const key = input.encryptionConfiguration?.type;
  if (key !== undefined && key !== 'AWS_OWNED_KEY') throw notImplemented(`Encryption of the type ${key}`);
}

function checkDefinition(text = ''): string {
  const problems = validateDefinition(text);
  if (problems.length === 0) return text;
  throw invalidDefinition(
    problems.map(({ code, message, location }) => `${code}: ${message} at ${location}`).join(', '),
  );
}

/** A role that exists must trust Step Functions; one that does not exist may be used (see invoke.ts). */
function checkRole(aws: Aws, roleArn: string | undefined): string {
  checkPresent('roleArn', roleArn);
  if (!roleArn || !/^arn:[^:]+:iam::\d{12}:role\/.+/.test(roleArn))
    throw invalidArn(`Invalid Role Arn: ${roleArn}`);
  if (!findRoleByArn(aws, roleArn)) return roleArn;
  try {
    aws.assumeRole(roleArn, 'states.amazonaws.com', 'CreateStateMachine');
  } catch (thrown) {
    if (thrown instanceof ServiceError) throw roleNotAssumable();
    throw thrown;
  }
  return roleArn;
}
