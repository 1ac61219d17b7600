// An embedded AWS with a Lambda client, and functions written as one file.
import { LambdaClient } from '@aws-sdk/client-lambda';
import { createEmbeddedAws, type EmbeddedOptions } from '../../../local/embedded.ts';

export const roleArn = 'arn:aws:iam::000000000000:role/runner';
export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export async function anAccount(options: EmbeddedOptions = {}) {
  const aws = await createEmbeddedAws(options);
  const { region, credentials, requestHandler } = aws;
  const client = { region, credentials, requestHandler, maxAttempts: 1 };
  return { aws, client, lambda: new LambdaClient(client) };
}

/** A zip archive with one file, stored uncompressed. */
export function zipOf(path: string, text: string): Uint8Array {
  const name = Buffer.from(path);
  const content = Buffer.from(text);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  const directory = Buffer.alloc(46);
  directory.writeUInt32LE(0x02014b50, 0);
  // Sizes and the length of the name stand two bytes further on in the directory.
  for (const [header, at] of [
    [local, 18],
    [directory, 20],
  ] as const) {
    header.writeUInt32LE(content.length, at);
    header.writeUInt32LE(content.length, at + 4);
    header.writeUInt16LE(name.length, at + 8);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + content.length, 16);
  return Buffer.concat([local, name, content, directory, name, end]);
}
