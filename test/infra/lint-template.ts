// `npm run lint:template`: cfn-lint over the template of every variant, where cfn-lint is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CdkTemplate, withParameters } from '../../infra/plain-template.ts';
import { synthesise } from './synthesised.ts';
import { variants } from './variants.ts';

/** W3005: CDK makes a function depend on its role although it names it. */
const ignored = ['W3005'];

const { error, stdout: version } = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' });
if (error) {
  console.log('The templates were not checked: cfn-lint is not on the PATH (pip install cfn-lint).');
} else {
  const folder = mkdtempSync(join(tmpdir(), 'service-proxy-templates-'));
  try {
    const files = Object.entries(variants).flatMap(([name, configuration]) => {
      const template = synthesise(configuration).template.toJSON() as CdkTemplate;
      const write = (kind: string, content: CdkTemplate) => {
        const file = join(folder, `${kind}-${name.replaceAll(' ', '-')}.json`);
        writeFileSync(file, JSON.stringify(content, null, 1));
        return file;
      };
      return [write('cdk', template), write('plain', withParameters(template))];
    });
    const { status } = spawnSync('cfn-lint', ['--ignore-checks', ...ignored, '--', ...files], {
      stdio: 'inherit',
    });
    console.log(
      `${files.length} templates, ${version.trim()}: ${status === 0 ? 'no findings' : 'see above'}`,
    );
    process.exitCode = status === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
