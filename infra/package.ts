// `npm run package`: the stack as a plain CloudFormation template with zipped assets, for those without CDK.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { readConfiguration } from './configuration.ts';
import { withParameters } from './plain-template.ts';
import { ServiceProxyStack } from './service-proxy-stack.ts';
import { ServiceProxyTargetStack } from './target-role.ts';
import { zipDirectory } from './zip.ts';

const directory = fileURLToPath(new URL('../dist/package', import.meta.url));

interface Assets {
  readonly files: Readonly<
    Record<string, { readonly source: { readonly path: string; readonly packaging: string } }>
  >;
}

const howTo = `# service-proxy without CDK

    aws s3 sync assets s3://BUCKET/service-proxy/
    aws cloudformation deploy --stack-name ServiceProxyStack --template-file template.json \\
      --s3-bucket BUCKET --capabilities CAPABILITY_IAM \\
      --parameter-overrides AssetsBucket=BUCKET AssetsPrefix=service-proxy/

The bucket must be in the region of the stack. To upgrade, do the same with the next package: an archive's name
changes with its content. Another account in which APIs may be placed gets target-role.json:

    aws cloudformation deploy --stack-name ServiceProxyTargetStack --template-file target-role.json \\
      --capabilities CAPABILITY_NAMED_IAM \\
      --parameter-overrides DeploymentAccount=000000000000 ExternalId=AGREED

docs/operations.md says everything else.
`;

rmSync(directory, { recursive: true, force: true });
const app = new App({ outdir: join(directory, 'cdk.out') });
const configuration = readConfiguration(app);
const stack = new ServiceProxyStack(app, 'ServiceProxyStack', { configuration });
const target = new ServiceProxyTargetStack(app, 'ServiceProxyTargetStack', { configuration });
const { directory: cdkOut } = app.synth();
const read = (name: string) => JSON.parse(readFileSync(join(cdkOut, name), 'utf8'));
const assets: Assets = read(`${stack.artifactId}.assets.json`);
mkdirSync(join(directory, 'assets'), { recursive: true });
for (const [hash, { source }] of Object.entries(assets.files)) {
  if (source.packaging !== 'zip') continue;
  writeFileSync(join(directory, 'assets', `${hash}.zip`), zipDirectory(join(cdkOut, source.path)));
}
writeFileSync(
  join(directory, 'template.json'),
  JSON.stringify(withParameters(read(stack.templateFile)), null, 1),
);
const { Rules: _, Parameters, ...targetTemplate } = read(target.templateFile);
const { BootstrapVersion: __, ...ownParameters } = Parameters;
writeFileSync(
  join(directory, 'target-role.json'),
  JSON.stringify({ ...targetTemplate, Parameters: ownParameters }, null, 1),
);
writeFileSync(join(directory, 'README.md'), howTo);
rmSync(cdkOut, { recursive: true });
process.stdout.write(`${directory}\n`);
