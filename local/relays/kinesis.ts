// Kinesis, by kinesalite, in memory.
import type { RequestListener, Server } from 'node:http';
import { type Aws, type CallContext, type RelayedService, ServiceError } from '../service.ts';
import { callListener, withSignature } from './listener.ts';

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

/** Newer callers name a stream by its ARN, which kinesalite does not know. */
function withStreamName(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { StreamARN, ...rest } = input;
  if (typeof StreamARN !== 'string' || 'StreamName' in rest) return { ...rest };
  return { ...rest, StreamName: StreamARN.slice(StreamARN.lastIndexOf('/') + 1) };
}

export function kinesisService(_aws: Aws): RelayedService & { close(): Promise<void> } {
  let server: Server | undefined;
  /** Which stream an iterator was given out for: it is all that GetRecords names. */
  const streamOfIterator = new Map<string, string>();

  const streamArn = (name: string, { aws, region }: CallContext) =>
    `arn:${aws.partition}:kinesis:${region}:${aws.account}:stream/${name}`;

  function streamOf(operation: string, input: Readonly<Record<string, unknown>>): string | undefined {
    if (operation === 'GetRecords') return streamOfIterator.get(String(input.ShardIterator));
    const { StreamName } = withStreamName(input);
    return typeof StreamName === 'string' ? StreamName : undefined;
  }

  const listener = async (): Promise<RequestListener> => {
    if (!server) {
      const { default: kinesalite } = await import('kinesalite');
      server = kinesalite({ createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0 });
    }
    return server.listeners('request')[0] as RequestListener;
  };

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
      let { body } = request;
      if ('StreamARN' in input)
        body = Buffer.from(JSON.stringify(withStreamName(JSON.parse(Buffer.from(body).toString()))));
      const headers = { ...request.headers, 'content-length': String(body.byteLength) };
      const signed = withSignature({ ...request, headers, body }, 'kinesis', call.region);
      const response = await callListener(await listener(), signed);
      const stream = streamOf(operation, input);
      if (response.status === 200 && stream !== undefined && /ShardIterator|GetRecords/.test(operation)) {
        const answer = JSON.parse(Buffer.from(response.body).toString()) as Record<string, unknown>;
        const iterator = answer.ShardIterator ?? answer.NextShardIterator;
        if (typeof iterator === 'string') streamOfIterator.set(iterator, stream);
      }
      return response;
    },
    async close() {
      const open = server;
      if (open) await new Promise<void>(resolve => open.close(() => resolve()));
    },
  };
}
