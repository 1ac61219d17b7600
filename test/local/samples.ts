// Values for the members of any shape, for round trips over the wire.
import type { NormalizedSchema } from '@smithy/core/schema';

/** Every member filled, recursive shapes down to a few levels; the same shape always gives the same value. */
export function sampleOf(shape: NormalizedSchema, depth = 0): unknown {
  if (shape.isUnitSchema()) return {};
  if (shape.isStructSchema()) {
    const members = [...shape.structIterator()].filter(([, member]) => depth < 5 || isSimple(member));
    const chosen = shape.isUnionSchema() ? members.slice(0, 1) : members;
    return Object.fromEntries(chosen.map(([name, member]) => [name, sampleOfMember(member, name, depth)]));
  }
  if (shape.isListSchema()) return [1, 2].map(() => sampleOf(shape.getValueSchema(), depth + 1));
  if (shape.isMapSchema()) {
    return {
      'a key': sampleOf(shape.getValueSchema(), depth + 1),
      b: sampleOf(shape.getValueSchema(), depth + 1),
    };
  }
  if (shape.isTimestampSchema()) return new Date(Date.UTC(2026, 3, 5, 6, 7, 8));
  if (shape.isBlobSchema()) return new Uint8Array([0, 1, 250, 255]);
  if (shape.isBooleanSchema()) return true;
  if (shape.isNumericSchema()) return 42;
  if (shape.isDocumentSchema()) return { free: ['form', 1] };
  return `a<b>&"c" ${depth} é/%2F+?`;
}

const isSimple = (shape: NormalizedSchema) =>
  !shape.isStructSchema() && !shape.isListSchema() && !shape.isMapSchema();

/** Bound members take what fits into a header, a path or a status line. */
function sampleOfMember(member: NormalizedSchema, name: string, depth: number): unknown {
  const traits = member.getMergedTraits();
  if (traits.httpResponseCode) return 202;
  if (traits.httpHeader) return member.isStringSchema() ? `value of ${name}` : sampleOf(member, depth + 1);
  if (traits.httpQueryParams || traits.httpPrefixHeaders) return { extra: 'parameter' };
  if (traits.hostLabel) return 'label';
  // Clients look into these to find the endpoint; one with SigV4a is beyond them.
  if (name === 'EndpointId') return undefined;
  if (/ARN$/.test(name)) {
    const kind = name === 'ChannelARN' ? 'channel' : 'stream';
    return `arn:aws:kinesis:us-east-1:000000000000:${kind}/sample`;
  }
  if (name === 'QueueUrl') return 'http://localhost/000000000000/queue';
  return sampleOf(member, depth + 1);
}
