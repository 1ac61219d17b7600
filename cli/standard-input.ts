// All of standard input, whoever writes it and however slowly.
import { readSync } from 'node:fs';

const pause = new Int32Array(new SharedArrayBuffer(4));

const isWaiting = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EAGAIN';

export function readStandardInput(): Buffer {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    try {
      const length = readSync(0, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
    } catch (error) {
      // A pipe that does not block: nothing has been written into it yet.
      if (!isWaiting(error)) throw error;
      Atomics.wait(pause, 0, 0, 10);
    }
  }
}
