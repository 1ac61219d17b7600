// Operation: what the catalog knows of one AWS service operation, enough to derive an integration without a client.

export type Protocol = 'query' | 'ec2' | 'json-1.0' | 'json-1.1' | 'rest-json' | 'rest-xml';

/** Where a member stands in an HTTP request or response; without one it belongs to the body. */
export type Location = 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';

export interface Member {
  /** Name of a shape in `Operation.shapes`. */
  readonly shape: string;
  /** Name on the wire where it differs from the member's. */
  readonly wire?: string;
  readonly location?: Location;
  readonly streaming?: true;
  readonly flattened?: true;
  /** A timestamp's form on the wire where it is not its protocol's. */
  readonly timestampFormat?: string;
}

export type Shape =
  | { readonly type: 'structure'; readonly members: Readonly<Record<string, Member>>; readonly required?: readonly string[]; readonly union?: true; readonly document?: true }
  | { readonly type: 'list'; readonly member: Member; readonly flattened?: true; readonly min?: number; readonly max?: number }
  | { readonly type: 'map'; readonly key: Member; readonly value: Member; readonly flattened?: true }
  | { readonly type: 'string'; readonly enum?: readonly string[]; readonly pattern?: string; readonly min?: number; readonly max?: number }
  | { readonly type: 'integer' | 'long' | 'float' | 'double'; readonly min?: number; readonly max?: number }
  | { readonly type: 'boolean' | 'timestamp'; readonly timestampFormat?: string }
  | { readonly type: 'blob'; readonly streaming?: true; readonly min?: number; readonly max?: number };

export type Structure = Extract<Shape, { type: 'structure' }>;

export interface ServiceError {
  /** As the service writes it into a response. */
  readonly code: string;
  readonly httpStatus: number;
}

/** What a role needs for an operation. */
export interface IamNeeds {
  readonly actions: readonly string[];
  /** ARN formats such as `arn:{partition}:sns:{region}:{account}:{TopicName}`, the most fitting first. */
  readonly resources: readonly string[];
  readonly resourceTypesRequired: boolean;
  /** Input members whose value names a resource, written with the ARN formats' places. */
  readonly identifiedBy: Readonly<Record<string, string>>;
  /** What a role may need besides, which the operation's name does not show. */
  readonly needs: readonly string[];
}

export type OperationStatus = 'verified' | 'unverified' | 'rejected';

export interface Operation {
  /** The catalog's id of the service, such as `sns` or `stepfunctions`. */
  readonly service: string;
  /** Spelled as in the service model. */
  readonly action: string;
  readonly protocol: Protocol;
  readonly apiVersion: string;
  /** API Gateway's name of the service. */
  readonly endpointPrefix: string;
  readonly signingName: string;
  readonly targetPrefix?: string;
  /** API Gateway's `action/X` was recorded to work with this service's JSON protocol. */
  readonly actionStyle: boolean;
  readonly http: { readonly method: string; readonly uri: string; readonly status: number };
  readonly input?: Structure;
  /** The input member that is the whole body, for REST protocols. */
  readonly inputPayload?: string;
  readonly output: {
    /** Member → header's name. */
    readonly headers: Readonly<Record<string, string>>;
    readonly payload?: { readonly member: string; readonly type: Shape['type'] };
  };
  readonly errors: readonly ServiceError[];
  readonly readOnly: boolean;
  readonly iam: IamNeeds;
  readonly status: OperationStatus;
  readonly reason?: string;
  readonly source?: string;
  /** Every shape the service's inputs use. */
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Where an integration and its role live. */
export interface Target {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Shapes a parameter of a URL or a header can carry. */
export function isScalar(operation: Operation, member: Member): boolean {
  const { type } = shapeOf(operation, member);
  return type !== 'structure' && type !== 'list' && type !== 'map';
}

export function shapeOf(operation: Pick<Operation, 'shapes'>, member: Member): Shape {
  const shape = operation.shapes[member.shape];
  if (!shape) throw new Error(`the catalog lacks shape ${member.shape}`);
  return shape;
}

export const members = (operation: Operation): readonly [name: string, member: Member][] =>
  Object.entries(operation.input?.members ?? {});

export const isRequired = (operation: Operation, member: string): boolean =>
  operation.input?.required?.includes(member) ?? false;

export const isQuery = ({ protocol }: Operation): boolean => protocol === 'query' || protocol === 'ec2';
export const isRest = ({ protocol }: Operation): boolean => protocol === 'rest-json' || protocol === 'rest-xml';
