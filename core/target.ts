// Where an API lives: beside the state machine, or in the account and region that the input names and the configuration allows.
import type { Problem } from './errors.ts';
import type { Target } from './integration.ts';

/** As the input names it. */
export interface TargetInput {
  /** ARN of the role to assume there; without one the functions' own permissions are used. */
  readonly roleArn?: string;
  readonly region?: string;
  /** What the role's trust policy may demand as `sts:ExternalId`; kept out of archives and messages. */
  readonly externalId?: string;
}

/** Where inputs may place an API besides the account and region of the state machine. */
export interface AllowedTargets {
  readonly roles: readonly {
    readonly roleArn: string;
    /** Regions where it may be used; default: those below, and the state machine's own. */
    readonly regions?: readonly string[];
    /** ARN of the boundary that the routes' roles get there. */
    readonly permissionsBoundary: string;
  }[];
  readonly regions: readonly string[];
}

/** Where an API of another account or region is, and how it is reached. */
export interface PlannedTarget {
  /** What the ledger's names of APIs there begin with: `111122223333/eu-west-1/`; nothing where that is home. */
  readonly place: string;
  readonly region: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly permissionsBoundary?: string;
}

/** The account and region of the API, and how to reach it where that is not simply home. */
export interface Located {
  readonly target: Target;
  readonly reach?: PlannedTarget;
}

const none: AllowedTargets = { roles: [], regions: [] };

const listed = (values: readonly string[]) => (values.length > 0 ? values.join(', ') : 'none');

/**
 * Undefined where the configuration does not allow it; why is added to `problems`.
 * `allowed` is `'ANY'` for callers that do not know the configuration: whoever does decides later.
 */
export function locate(
  input: TargetInput | undefined,
  home: Target,
  allowed: AllowedTargets | 'ANY' | undefined,
  problems: Problem[],
): Located | undefined {
  if (input === undefined) return { target: home };
  const { roleArn, region = home.region, externalId } = input;
  const { roles, regions } = allowed === 'ANY' ? none : (allowed ?? none);
  const role = roles.find(one => one.roleArn === roleArn);
  const mayBeIn = [home.region, ...(role?.regions ?? regions)];
  const found: Problem[] = [];
  if (externalId !== undefined && roleArn === undefined)
    found.push({ path: '$.target.externalId', message: 'is for a role: name one in target.roleArn' });
  if (allowed !== 'ANY') {
    if (roleArn !== undefined && !role) {
      const known = listed(roles.map(one => one.roleArn));
      const message = `${roleArn} is no role that this deployment may assume; it may assume ${known}`;
      found.push({ path: '$.target.roleArn', message });
    } else if (!mayBeIn.includes(region)) {
      const message = `${region} is not allowed here; allowed are ${mayBeIn.join(', ')}`;
      found.push({ path: '$.target.region', message });
    }
  }
  problems.push(...found);
  if (found.length > 0) return undefined;
  const account = roleArn?.split(':')[4] ?? home.account;
  const isHome = account === home.account && region === home.region;
  const target = { ...home, account, region };
  if (isHome && roleArn === undefined) return { target };
  const reach = {
    place: isHome ? '' : `${account}/${region}/`,
    region,
    ...(roleArn !== undefined && { roleArn }),
    ...(externalId !== undefined && { externalId }),
    ...(role && { permissionsBoundary: role.permissionsBoundary }),
  };
  return { target, reach };
}

/** In words, as plans and outcomes say it. */
export const inWords = ({ account, region }: Target, { roleArn }: PlannedTarget): string =>
  `account ${account}, region ${region}${roleArn === undefined ? '' : `, as ${roleArn}`}`;
