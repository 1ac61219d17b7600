// CreateRequestValidator, GetRequestValidator(s), UpdateRequestValidator, DeleteRequestValidator.
import type {
  CreateRequestValidatorRequest,
  DeleteRequestValidatorRequest,
  GetRequestValidatorRequest,
  GetRequestValidatorsRequest,
  RequestValidator,
  RequestValidators,
  UpdateRequestValidatorRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined } from './defined.ts';
import { badRequest, notFound } from './errors.ts';
import { findRestApi } from './find.ts';
import { collections, type RequestValidatorDocument } from './model.ts';
import { pageOf } from './paging.ts';
import { applyPatch, type PatchTable, replaceFlag } from './patch.ts';

export function requestValidatorOperations(aws: Aws) {
  const { restApis, requestValidators } = collections(aws);
  const store = (validator: RequestValidatorDocument) =>
    requestValidators.set(`${validator.restApiId}/${validator.id}`, validator);

  function find(restApiId: string | undefined, id: string | undefined): RequestValidatorDocument {
    const validator = requestValidators.get(`${restApiId}/${id}`);
    if (!validator) throw notFound('Invalid Request Validator identifier specified');
    return validator;
  }

  return {
    CreateRequestValidator(input: CreateRequestValidatorRequest): RequestValidator {
      const { restApiId = '', name, validateRequestBody, validateRequestParameters } = input;
      // Not the 404 of the other operations.
      if (!restApis.has(restApiId)) throw badRequest('Invalid REST API identifier specified');
      const validator: RequestValidatorDocument = defined({
        restApiId,
        id: aws.ids.alphanumeric(6),
        name,
        validateRequestBody: validateRequestBody ?? false,
        validateRequestParameters: validateRequestParameters ?? false,
      });
      store(validator);
      return present(validator);
    },

    GetRequestValidator: ({ restApiId, requestValidatorId }: GetRequestValidatorRequest): RequestValidator =>
      present(find(restApiId, requestValidatorId)),

    GetRequestValidators({ restApiId, ...page }: GetRequestValidatorsRequest): RequestValidators {
      const { id } = findRestApi(aws, restApiId);
      const ofApi = [...requestValidators.values()].filter(validator => validator.restApiId === id);
      const { items, position } = pageOf(ofApi, validator => validator.id ?? '', page);
      return defined({ items: items.map(present), position });
    },

    UpdateRequestValidator(input: UpdateRequestValidatorRequest): RequestValidator {
      const before = find(input.restApiId, input.requestValidatorId);
      const validator = applyPatch(before, input.patchOperations, requestValidatorPatch);
      store(validator);
      return present(validator);
    },

    DeleteRequestValidator({ restApiId, requestValidatorId }: DeleteRequestValidatorRequest): object {
      const validator = find(restApiId, requestValidatorId);
      requestValidators.delete(`${validator.restApiId}/${validator.id}`);
      return {};
    },
  } satisfies Record<string, Operation>;
}

const requestValidatorPatch: PatchTable<RequestValidatorDocument> = {
  wording: 'listed',
  rules: [
    {
      path: '/name',
      ops: ['replace'],
      apply(validator, { value }) {
        if (!value) throw badRequest('Request Validator name cannot be blank');
        return { ...validator, name: value };
      },
    },
    replaceFlag('validateRequestParameters'),
    replaceFlag('validateRequestBody'),
  ],
};

const present = ({ restApiId: _, ...validator }: RequestValidatorDocument): RequestValidator => validator;
