// export: a deployed stage as OpenAPI 3.0, for clients and gateways to be made from.
import { APIGatewayClient, GetExportCommand, paginateGetRestApis } from '@aws-sdk/client-api-gateway';
import type { Command } from 'commander';
import { invalidInput } from '../../core/errors.ts';
import type { OpenApiDocument } from '../../core/openapi.ts';
import { toValid } from '../../core/openapi-valid.ts';
import { toYaml } from '../../core/yaml.ts';
import { makeClients } from '../../handlers/clients.ts';
import { embeddedSettings } from '../embedded.ts';
import { type Engine, type EngineOptions, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { addTargetFlags, type TargetFlags, targetOf } from '../input-flags.ts';

const help = `
Examples:
    service-proxy export MyDemoAPI test --endpoint-url http://127.0.0.1:4566
    service-proxy export a1b2c3d4e5 prod --target aws --yaml > api.yaml`;

/** By its id, or by its name where only one API is called so. */
async function findApi(apigateway: APIGatewayClient, api: string): Promise<string> {
  const named: string[] = [];
  for await (const { items = [] } of paginateGetRestApis({ client: apigateway, pageSize: 500 }, {})) {
    for (const { id = '', name } of items) {
      if (id === api) return id;
      if (name === api) named.push(id);
    }
  }
  const [id] = named;
  if (id !== undefined && named.length === 1) return id;
  const message =
    id === undefined ? 'no REST API has this id or name' : `several have it: ${named.join(', ')}`;
  throw invalidInput([{ path: 'API', message: `${api}: ${message}` }]);
}

type Flags = EngineOptions & TargetFlags;

/** With the caller's own permissions, or those of the role that is named. */
function gatewayOf({ account }: Engine, flags: Flags): APIGatewayClient {
  const target = targetOf(flags);
  if (!target) return new APIGatewayClient(account);
  const reach = { region: account.region, ...target, place: '' };
  return makeClients(embeddedSettings, account).at(reach, 'service-proxy-export').apigateway;
}

async function exportStage(flags: Flags, api: string, stageName: string): Promise<OpenApiDocument> {
  const engine = await openEngine(flags);
  try {
    const apigateway = gatewayOf(engine, flags);
    const { body } = await apigateway.send(
      new GetExportCommand({
        restApiId: await findApi(apigateway, api),
        stageName,
        exportType: 'oas30',
        accepts: 'application/json',
        parameters: { extensions: 'apigateway' },
      }),
    );
    return toValid(JSON.parse(Buffer.from(body ?? []).toString()));
  } finally {
    await engine.close();
  }
}

export function addExport(program: Command, end: (code: number) => void): void {
  const command = addEngineFlags(
    program
      .command('export')
      .description('a deployed stage as OpenAPI 3.0 with API Gateway’s extensions')
      .argument('<api>', 'id or name of the REST API')
      .argument('<stage>', 'name of the stage'),
  );
  addTargetFlags(command)
    .option('--yaml', 'as YAML instead of JSON')
    .addHelpText('after', help)
    .action(async (api: string, stage: string, flags: Flags & { yaml?: boolean }) => {
      const document = await exportStage(flags, api, stage);
      process.stdout.write(flags.yaml ? toYaml(document) : `${JSON.stringify(document, null, 2)}\n`);
      end(0);
    });
}
