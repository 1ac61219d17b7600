// cdk-nag's AwsSolutions rules over the whole stack, by default and with all that can be configured: what is not mended has its reason in nag-reasons.ts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ServiceProxyStack } from '../../infra/service-proxy-stack.ts';
import { reasons } from './nag-reasons.ts';
import { variants } from './variants.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

const outdir = mkdtempSync(join(tmpdir(), 'service-proxy-nag-'));
afterAll(() => rmSync(outdir, { recursive: true }));

let findings: string[];
beforeAll(() => {
  // The report says everything; CDK would print it as well.
  const silent = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const app = new App({ outdir });
  const everything = Object.assign({}, ...Object.values(variants));
  for (const [name, configuration] of Object.entries({ ServiceProxyStack: {}, WithEverything: everything })) {
    const code = Code.fromAsset(fileURLToPath(new URL('.', import.meta.url)));
    new ServiceProxyStack(app, name, { configuration, code: () => code });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch {
    // With findings it throws when it has written the report, which is read below.
  }
  silent.mockRestore();
  process.exitCode = undefined;
  const report: Report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  findings = report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    ),
  );
}, 120_000);

it('leaves no finding without a reason', () => {
  expect(findings.filter(one => !reasons.some(({ finding }) => finding.test(one)))).toEqual([]);
});

it('gives no reason for what is not found any more', () => {
  const idle = reasons.filter(({ finding }) => !findings.some(one => finding.test(one)));
  expect(idle.map(({ finding }) => String(finding))).toEqual([]);
});
