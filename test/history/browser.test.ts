// The page of an execution in a browser: nothing fetched, nothing complained of, nothing cut off. Needs Chromium.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedSettings } from '../../cli/embedded.ts';
import { makeArchiveClients } from '../../handlers/archive-clients.ts';
import { readExecution } from '../../handlers/archive-execution.ts';
import type { Definition } from '../../history/graph.ts';
import { pageOf } from '../../history/page.ts';
import { definition } from '../../statemachine/definition.ts';
import { openAccount, walkthroughInput } from '../scenarios/account.ts';
import { findChromium, runChromium } from './chromium.ts';

const chromium = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'service-proxy-page-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

/** An execution with retries, a failure, a way back, and a name as long as IAM allows. */
async function aFailedPage(): Promise<string> {
  const functionName = 'service-proxy-VerifyStage';
  const fault = { service: 'lambda', operation: 'Invoke', functionName, kind: 'serverError' } as const;
  const account = await openAccount([fault]);
  try {
    const { executionArn } = await account.run({ ...walkthroughInput, requestedBy: 'a'.repeat(64) });
    const clients = makeArchiveClients(embeddedSettings, account.client, () => account.aws.clock.now());
    return pageOf(await readExecution(clients, executionArn), definition() as unknown as Definition);
  } finally {
    await account.aws.close();
  }
}

/** Holds the page in a frame of a given width, and says of it what only a browser knows. */
const measuring = (
  page: string,
  width: number,
) => `<!doctype html><meta charset="utf-8"><body style="margin:0">
<iframe id="page" style="border:0;width:${width}px;height:900px"></iframe><script>
const frame = document.getElementById('page');
frame.onload = () => {
  const { documentElement: root, body } = frame.contentDocument;
  const wide = [...body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > root.clientWidth + 1);
  document.title = JSON.stringify({
    shown: root.clientWidth,
    needed: root.scrollWidth,
    wide: wide.map(one => one.tagName + '.' + one.className),
    paper: getComputedStyle(body).backgroundColor,
    ink: getComputedStyle(body).color,
    requests: frame.contentWindow.performance.getEntriesByType('resource').map(({ name }) => name),
  });
};
frame.srcdoc = ${JSON.stringify(page).replaceAll('<', '\\u003c')};
</script>`;

interface Measured {
  readonly shown: number;
  readonly needed: number;
  readonly wide: readonly string[];
  readonly paper: string;
  readonly ink: string;
  readonly requests: readonly string[];
}

async function measure(page: string, width: number, scheme: 'light' | 'dark') {
  const name = `${scheme}-${width}`;
  writeFileSync(at(`${name}.html`), measuring(page, width));
  const { stdout, stderr } = await runChromium(chromium ?? '', at(`profile-${name}`), [
    '--enable-logging=stderr',
    `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
    '--dump-dom',
    pathToFileURL(at(`${name}.html`)).href,
  ]);
  const title = /<title>(.*?)<\/title>/s.exec(stdout)?.[1] ?? '{}';
  return {
    ...(JSON.parse(title.replaceAll('&quot;', '"')) as Measured),
    complaints: stderr.split('\n').filter(line => line.includes(':CONSOLE')),
  };
}

const brightness = (color: string) =>
  (color.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);

describe.skipIf(chromium === undefined)('the page in Chromium (skipped where none is on the PATH)', () => {
  let page: string;
  beforeAll(async () => {
    page = await aFailedPage();
  });

  it.each([
    [390, 'dark'],
    [1280, 'light'],
  ] as const)('%i pixels wide and %s fits, fetches nothing and has no errors', async (width, scheme) => {
    const measured = await measure(page, width, scheme);
    expect(measured).toMatchObject({ shown: width, needed: width, wide: [], complaints: [], requests: [] });
    const [paper, ink] = [brightness(measured.paper), brightness(measured.ink)];
    expect(scheme === 'dark' ? ink - paper : paper - ink).toBeGreaterThan(400);
  });

  it('is printed on a few sheets', async () => {
    writeFileSync(at('page.html'), page);
    await runChromium(chromium ?? '', at('profile-print'), [
      '--no-pdf-header-footer',
      `--print-to-pdf=${at('page.pdf')}`,
      pathToFileURL(at('page.html')).href,
    ]);
    const sheets = readFileSync(at('page.pdf'), 'latin1').match(/\/Type \/Page\b/g) ?? [];
    expect([3, 4]).toContain(sheets.length);
  });
});
