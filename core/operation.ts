// An operation of an AWS service, as the catalog holds it: facts from the service model and from IAM.

export type Protocol = 'query' | 'ec2' | 'json-1.0' | 'json-1.1' | 'rest-json' | 'rest-xml';

/** A shape of the service model, without its documentation. */
export interface Shape {
  readonly type:
    | 'structure'
    | 'list'
    | 'map'
    | 'string'
    | 'integer'
    | 'long'
    | 'float'
    | 'double'
    | 'boolean'
    | 'blob'
    | 'timestamp'
    | 'character'
    | 'bigdecimal'
    | 'biginteger'
    | 'short'
    | 'byte';
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  /** Member that is the whole body. */
  readonly payload?: string;
  /** Names of the shapes below: of a list's element, of a map's key and value. */
  readonly element?: string;
  readonly elementName?: string;
  readonly key?: string;
  readonly keyName?: string;
  readonly value?: string;
  readonly valueName?: string;
  readonly flattened?: boolean;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly document?: boolean;
  readonly streaming?: boolean;
  readonly timestampFormat?: TimestampFormat;
  /** The element's name where the shape is the root of an XML document. */
  readonly locationName?: string;
}

export type TimestampFormat = 'iso8601' | 'unixTimestamp' | 'rfc822';

export interface XmlNamespace {
  readonly uri: string;
  readonly prefix?: string;
}

export interface Member {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';
  readonly locationName?: string;
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly idempotencyToken?: boolean;
  readonly timestampFormat?: TimestampFormat;
  /** A JSON document that travels as base64 in a header, as a string elsewhere. */
  readonly jsonvalue?: boolean;
  readonly xmlAttribute?: boolean;
  readonly xmlNamespace?: XmlNamespace;
}

export interface OperationError {
  /** Code on the wire. */
  readonly code: string;
  readonly status: number;
}

/** What an integration response can map. */
export interface OperationOutput {
  /** Names of the headers that members travel in. */
  readonly headers: readonly string[];
  /** Type of the member that is the whole body. */
  readonly payload?: Shape['type'];
}

export interface OperationPermissions {
  readonly actions: readonly string[];
  /** ARN formats such as `arn:{partition}:sns:{region}:{account}:{TopicName}`; none where only `*` is possible. */
  readonly resources: readonly string[];
  /** Whether a role may be given "*": there is nothing narrower, or a call need not name a resource. */
  readonly takesAny: boolean;
  /** What a role may need besides, which the operation's name does not show. */
  readonly needs: readonly string[];
}

/** Where an integration and its role live. */
export interface Target {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export interface Operation {
  readonly service: string;
  readonly action: string;
  readonly protocol: Protocol;
  readonly apiVersion: string;
  /** The service's name in an integration URI. */
  readonly endpointPrefix: string;
  readonly targetPrefix?: string;
  readonly http: { readonly method: string; readonly uri: string; readonly responseCode?: number };
  readonly input?: Shape;
  /** Root element of the body, for XML. */
  readonly root?: { readonly locationName: string; readonly xmlNamespace?: XmlNamespace };
  /** The service refuses a body without its checksum. */
  readonly needsChecksum: boolean;
  readonly output: OperationOutput;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly errors: readonly OperationError[];
  readonly readOnly: boolean;
  readonly iam: OperationPermissions;
  readonly status: 'verified' | 'unverified' | 'rejected';
  readonly reason?: string;
  readonly source?: string;
}
