// What an AWS client threw, as one of our errors: the name decides whether, and how patiently, it is tried again.
import { describe, expect, it } from 'vitest';
import {
  classify,
  ifFound,
  invalidInput,
  isConflict,
  isInUse,
  isNotFound,
  ServiceProxyError,
} from '../../core/errors.ts';

interface Thrown {
  readonly status?: number;
  readonly message?: string;
  readonly requestId?: string;
  readonly retryAfterSeconds?: string;
}

const thrown = (name: string, { status, message = 'no', requestId, ...rest }: Thrown = {}) =>
  Object.assign(new Error(message), {
    name,
    $metadata: { ...(status !== undefined && { httpStatusCode: status }), ...(requestId && { requestId }) },
    ...rest,
  });

const nameOf = (name: string, more?: Thrown) => classify(thrown(name, more), 'x').name;

const concurrent = 'Unable to complete operation due to concurrent modification. Please try again later.';
const inUse = 'Active stages pointing to this deployment must be moved or deleted';

describe('classify', () => {
  it.each([
    'TooManyRequestsException',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'ProvisionedThroughputExceededException',
    'PriorRequestNotComplete',
  ])('takes %s for a throttle, whatever its status', name => {
    expect(nameOf(name, { status: 400 })).toBe('Throttled');
  });

  it('takes every answer with status 429 for a throttle', () => {
    expect(nameOf('SomethingNew', { status: 429 })).toBe('Throttled');
  });

  it('waits longer where AWS asks for more than 15 seconds', () => {
    const waiting = (retryAfterSeconds: string) =>
      nameOf('TooManyRequestsException', { status: 429, retryAfterSeconds });
    expect([waiting('5'), waiting('15'), waiting('16')]).toEqual(['Throttled', 'Throttled', 'ThrottledLong']);
  });

  it('takes a limit that is reached for a refusal, unless it is a rate', () => {
    const limit = (more: Thrown) => nameOf('LimitExceededException', { status: 429, ...more });
    expect(limit({ message: 'Maximum number of APIs reached' })).toBe('Refused');
    expect(limit({ message: 'Rate exceeded' })).toBe('Throttled');
    expect(limit({ message: 'Too many requests' })).toBe('Throttled');
    expect(limit({ message: 'Maximum reached', retryAfterSeconds: '3' })).toBe('Throttled');
  });

  it.each([
    'ConcurrentModificationException',
    'ConcurrentModification',
    'DeleteConflictException',
    'EntityTemporarilyUnmodifiableException',
    'TransactionConflictException',
  ])('takes %s for somebody who changes the same thing', name => {
    expect(nameOf(name, { status: 409 })).toBe('Contended');
  });

  it('knows a concurrent change by its text, under whatever name', () => {
    expect(nameOf('BadRequestException', { status: 400, message: concurrent })).toBe('Contended');
    expect(nameOf('ConflictException', { status: 409, message: 'Please try again later' })).toBe('Contended');
    expect(nameOf('ConflictException', { status: 409, message: 'a concurrent modification' })).toBe(
      'Contended',
    );
    expect(nameOf('ConflictException', { status: 409, message: 'exists' })).toBe('Refused');
  });

  it.each(['NotFoundException', 'NoSuchEntityException', 'NoSuchEntity'])('waits for what %s says', name => {
    expect(nameOf(name, { status: 404 })).toBe('NotStabilized');
  });

  it('waits for a deployment that a stage still serves', () => {
    expect(nameOf('BadRequestException', { status: 400, message: inUse })).toBe('NotStabilized');
  });

  it.each([
    [undefined, 'Unavailable'],
    [200, 'Unavailable'],
    [299, 'Unavailable'],
    [300, 'Refused'],
    [400, 'Refused'],
    [403, 'Refused'],
    [408, 'Unavailable'],
    [499, 'Refused'],
    [500, 'Unavailable'],
    [503, 'Unavailable'],
  ])('with status %s leaves the outcome open, or is a refusal', (status, name) => {
    expect(nameOf('SomeException', status === undefined ? {} : { status })).toBe(name);
  });

  it('says what was attempted, and what came back, with the request', () => {
    const error = thrown('AccessDenied', { status: 403, message: 'not you', requestId: 'r-1' });
    expect(classify(error, 'CreateRole').message).toBe(
      'CreateRole: AccessDenied (HTTP 403, request r-1): not you',
    );
    expect(classify(thrown('AccessDenied', { status: 403 }), 'CreateRole').message).toBe(
      'CreateRole: AccessDenied (HTTP 403): no',
    );
    expect(classify(thrown('TimeoutError'), 'CreateRole').message).toBe('CreateRole: TimeoutError: no');
    expect(classify(new Error('odd'), 'CreateRole').message).toBe('CreateRole: Error: odd');
  });

  it('passes our own errors unchanged, and counts what is no error as an unknown outcome', () => {
    const own = new ServiceProxyError('NotOwned', 'not ours');
    expect(classify(own, 'x')).toBe(own);
    const odd = classify('broken', 'CreateRole');
    expect([odd.name, odd.message]).toEqual(['Unavailable', 'CreateRole: broken']);
  });
});

describe('isNotFound and ifFound', () => {
  it('turn a thing that is not there into nothing, and let everything else through', async () => {
    expect(isNotFound(thrown('NoSuchEntity'))).toBe(true);
    expect(isNotFound(thrown('AccessDenied'))).toBe(false);
    expect(isNotFound({ name: 'NotFoundException' })).toBe(false);
    await expect(ifFound(Promise.resolve(1))).resolves.toBe(1);
    await expect(ifFound(Promise.reject(thrown('NotFoundException')))).resolves.toBeUndefined();
    await expect(ifFound(Promise.reject(thrown('AccessDenied')))).rejects.toThrow('no');
  });
});

describe('isInUse and isConflict', () => {
  it('know a deployment that is in use by its text', () => {
    expect(isInUse(thrown('BadRequestException', { message: inUse }))).toBe(true);
    expect(isInUse(thrown('BadRequestException'))).toBe(false);
    expect(isInUse({ message: inUse })).toBe(false);
  });

  it('tell what exists already from a change that may be tried again', () => {
    expect(isConflict(thrown('EntityAlreadyExistsException'))).toBe(true);
    expect(isConflict(thrown('EntityAlreadyExists'))).toBe(true);
    expect(isConflict(thrown('ConflictException', { message: 'exists' }))).toBe(true);
    expect(isConflict(thrown('ConflictException', { message: concurrent }))).toBe(false);
    expect(isConflict(thrown('BadRequestException', { message: 'exists' }))).toBe(false);
    expect(isConflict({ name: 'ConflictException', message: 'exists' })).toBe(false);
  });
});

describe('ServiceProxyError', () => {
  it('carries its name and message, every problem, and no stack', () => {
    const problems = [
      { path: '$.a', message: 'is wrong' },
      { path: '$.b', message: 'is too' },
    ];
    const error = invalidInput(problems);
    expect(error.name).toBe('InvalidInput');
    expect(error.message).toBe('$.a: is wrong\n$.b: is too');
    expect(error.problems).toEqual(problems);
    expect(error.stack).toBe(`InvalidInput: ${error.message}`);
    expect(invalidInput(problems, 'NotOwned').name).toBe('NotOwned');
    expect(new ServiceProxyError('Refused', 'no').problems).toEqual([]);
  });
});
