// Chromium as it is installed on this machine, run without a window; nothing is downloaded for it.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of the browser; undefined where there is none on the PATH. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap(folder => names.map(name => join(folder, name)))
    .find(path => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Without a window, and without errands of its own: no name of a host leads anywhere. */
const alone = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--hide-scrollbars',
];

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
}

/** `profile`: a folder for the browser alone. */
export function runChromium(path: string, profile: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [...alone, `--user-data-dir=${profile}`, ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', code =>
      code === 0
        ? resolve({ stdout, stderr })
        : reject(new Error(`${path} exited with ${code}: ${stderr.slice(-500)}`)),
    );
  });
}
