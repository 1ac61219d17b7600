// A service's model as its SDK client exports it: operations and errors by name, loaded at the first call.
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import { type Route, routeOf, sortRoutes } from './routes.ts';
import { type WireService, wireServices } from './services.ts';

export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** HTTP status of a success, for the rest protocols. */
  readonly status: number;
}

export interface ErrorModel {
  readonly name: string;
  /** The code of the query protocol, where it differs from the name. */
  readonly queryCode?: string;
  readonly schema: NormalizedSchema;
}

export interface ServiceModel {
  readonly wire: WireService;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** By name and by query code. */
  readonly errors: ReadonlyMap<string, ErrorModel>;
  /** Most specific first; empty for protocols without paths. */
  readonly routes: readonly Route[];
}

const models = new Map<string, Promise<ServiceModel>>();

/** The model of a service by its signing name; undefined for a service without a wire format here. */
export function serviceModel(service: string): Promise<ServiceModel> | undefined {
  const wire = Object.hasOwn(wireServices, service) ? wireServices[service] : undefined;
  if (!wire) return undefined;
  let model = models.get(service);
  if (!model) {
    model = wire.load().then(client => readModel(wire, client));
    models.set(service, model);
  }
  return model;
}

function readModel(wire: WireService, client: object): ServiceModel {
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  const routes: Route[] = [];
  for (const schema of Object.values(client) as unknown[]) {
    if (isOperation(schema)) {
      const [, , name, traits, input, output] = schema;
      const http =
        typeof traits === 'object' ? (traits.http as [string, string, number] | undefined) : undefined;
      const operation = { name, input: schemaOf(input), output: schemaOf(output), status: http?.[2] ?? 200 };
      operations.set(name, operation);
      if (http) routes.push(routeOf(operation, http[0], http[1]));
    } else if (isError(schema)) {
      const [, , name, traits] = schema;
      const queryCode =
        typeof traits === 'object' ? (traits.awsQueryError as [string, number] | undefined)?.[0] : undefined;
      const error = { name, ...(queryCode && { queryCode }), schema: NormalizedSchema.of(schema) };
      errors.set(name, error);
      if (queryCode) errors.set(queryCode, error);
    }
  }
  return { wire, operations, errors, routes: sortRoutes(routes) };
}

const schemaOf = (ref: SchemaRef) => NormalizedSchema.of(ref);

const isOperation = (value: unknown): value is StaticOperationSchema =>
  Array.isArray(value) && value[0] === 9;
/** Besides the service's errors, a client exports one of its own for those that it does not know. */
const isError = (value: unknown): value is StaticErrorSchema =>
  Array.isArray(value) && value[0] === -3 && !String(value[1]).startsWith('smithy.ts.sdk.synthetic');
