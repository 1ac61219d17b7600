// Kinesis, by kinesalite.
import {
  type Aws,
  type CallContext,
  type RelayedService,
  ServiceError,
  type WireResponse,
} from '../service.ts';
import { type Library, openLibrary } from './library.ts';
import { withSignature } from './listener.ts';

const operationNames = new Set([
  'AddTagsToStream',
  'CreateStream',
  'DecreaseStreamRetentionPeriod',
  'DeleteStream',
  'DescribeStream',
  'DescribeStreamSummary',
  'GetRecords',
  'GetShardIterator',
  'IncreaseStreamRetentionPeriod',
  'ListShards',
  'ListStreams',
  'ListTagsForStream',
  'MergeShards',
  'PutRecord',
  'PutRecords',
  'RemoveTagsFromStream',
  'SplitShard',
]);

/** Operations whose IAM action applies to no stream (Service Authorization Reference). */
const withoutResource = new Set(['ListStreams']);

const changesStream = new Set(['CreateStream', 'DeleteStream', 'MergeShards', 'SplitShard']);

const readsOnly = /^(?:Describe|Get|List)/;

type Input = Readonly<Record<string, unknown>>;

/** On-demand streams begin with four shards: https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
const onDemandShards = 4;

/** As kinesalite knows it: streams by name, and a stream's number of shards from the start. */
function asKnown(operation: string, input: Input): Record<string, unknown> {
  const { StreamARN: arn, StreamModeDetails: _, StreamId: __, ...known } = input;
  const name = typeof arn === 'string' ? { StreamName: arn.slice(arn.lastIndexOf('/') + 1) } : {};
  const shards = operation === 'CreateStream' ? { ShardCount: onDemandShards } : {};
  return { ...name, ...shards, ...known };
}

/** Iterators live for five minutes; more of them than this are not in use at a time. */
const maxIterators = 10_000;

export function kinesisService(aws: Aws): RelayedService & { close(): Promise<void> } {
  let library: Promise<Library> | undefined;
  /** Which stream an iterator was given out for: it is all that GetRecords names. */
  const streamOfIterator = new Map<string, string>();

  const streamArn = (name: string, { aws, region }: CallContext) =>
    `arn:${aws.partition}:kinesis:${region}:${aws.account}:stream/${name}`;

  function streamOf(operation: string, input: Input): string | undefined {
    if (operation === 'GetRecords') return streamOfIterator.get(String(input.ShardIterator));
    const { StreamName } = asKnown(operation, input);
    return typeof StreamName === 'string' ? StreamName : undefined;
  }

  function remember(iterator: unknown, stream: string): void {
    if (typeof iterator !== 'string') return;
    streamOfIterator.set(iterator, stream);
    const [oldest] = streamOfIterator.keys();
    if (streamOfIterator.size > maxIterators && oldest !== undefined) streamOfIterator.delete(oldest);
  }

  const open = async (): Promise<Library> => {
    const [{ default: kinesalite }, { default: database }] = await Promise.all([
      import('kinesalite'),
      import('kinesalite/db/index.js'),
    ]);
    const options = { createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0 };
    return openLibrary(aws, kinesalite, database, options, 'kinesis');
  };

  async function ask(operation: string, members: Input, region: string): Promise<WireResponse> {
    library ??= open();
    const { answer } = await library;
    const body = Buffer.from(JSON.stringify(members));
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': String(body.length),
      'x-amz-target': `Kinesis_20131202.${operation}`,
    };
    const request = { method: 'POST', path: '/', query: '', headers, body };
    return answer(withSignature(request, 'kinesis', region));
  }

  /** The stream is in its new state once the caller knows that it was asked for. */
  async function settle(stream: string, region: string): Promise<void> {
    for (;;) {
      const { status, body } = await ask('DescribeStreamSummary', { StreamName: stream }, region);
      const text = Buffer.from(body).toString();
      if (status !== 200 || /"StreamStatus":"ACTIVE"/.test(text)) return;
      await new Promise(resolve => setImmediate(resolve));
    }
  }

  return {
    operationNames,
    authorize(operation, input, call) {
      const stream = withoutResource.has(operation) ? undefined : streamOf(operation, input);
      return [
        { action: `kinesis:${operation}`, resource: stream === undefined ? '*' : streamArn(stream, call) },
      ];
    },
    async relay(request, operation, input, call) {
      if (request.headers['content-type']?.includes('cbor')) {
        throw new ServiceError(
          'NotImplemented',
          501,
          'NotImplemented: Kinesis over CBOR is not part of the embedded AWS; use JSON',
        );
      }
      const sent = JSON.parse(Buffer.from(request.body).toString() || '{}');
      const stream = streamOf(operation, input);
      const perform = async () => {
        const response = await ask(operation, asKnown(operation, sent), call.region);
        if (response.status === 200 && stream !== undefined && changesStream.has(operation)) {
          await settle(stream, call.region);
        }
        return response;
      };
      library ??= open();
      const response = await (readsOnly.test(operation) ? perform() : (await library).write(perform));
      if (response.status === 200 && stream !== undefined) {
        if (operation === 'GetShardIterator' || operation === 'GetRecords') {
          const answer = JSON.parse(Buffer.from(response.body).toString());
          remember(answer.ShardIterator ?? answer.NextShardIterator, stream);
        }
      }
      return { ...response, headers: { ...response.headers, 'x-amzn-requestid': call.requestId } };
    },
    async close() {
      await (await library)?.close();
    },
  };
}
