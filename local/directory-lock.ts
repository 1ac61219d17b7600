// One process per account directory: a file that names its owner, which counts for nothing once the owner is gone.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function lockDirectory(directory: string): () => void {
  const file = join(directory, 'account.lock');
  const owner = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const pid = Number(owner.split(' ')[0]);
  if (pid > 0 && pid !== process.pid && isAlive(pid) && isSame(owner, pid)) {
    throw new Error(`${file}: the account is in use by process ${pid}`);
  }
  writeFileSync(file, `${process.pid} ${startOf(process.pid)}`);
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The number alone may have gone to another process since, as it does in a container that is started again. */
function isSame(owner: string, pid: number): boolean {
  const [, start = ''] = owner.split(' ');
  return start === '' || startOf(pid) === '' || start === startOf(pid);
}

/** When a process began, in ticks since the machine did; empty where the system does not say (proc(5), stat, field 22). */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
