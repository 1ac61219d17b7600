// Derives operations in a process of its own and says what that took, as JSON: npx tsx bench/derive.ts [SERVICE ACTION]
import { findOperation, listServices, readService } from '../catalog/catalog.ts';
import { deriveMethod } from '../core/integration.ts';
import { defaultHttpMethod } from '../core/parameters.ts';

const target = { partition: 'aws', region: 'us-east-1', account: '111122223333' };

/** Everything of one operation; the bytes of its largest template, or undefined where it cannot be exposed. */
function derive(service: string, action: string): number | undefined {
  const operation = findOperation(service, action);
  if ('missing' in operation) throw new Error(`no such ${operation.missing}`);
  const route = {
    httpMethod: defaultHttpMethod(operation),
    path: '/x',
    parameters: {},
    resources: [],
  };
  const { definition } = deriveMethod(operation, route, target, '$', []);
  if (operation.status === 'rejected') return undefined;
  const templates = [
    ...Object.values(definition.integration.requestTemplates),
    ...definition.integrationResponses.flatMap(one => Object.values(one.responseTemplates)),
  ];
  return Math.max(0, ...templates.map(template => Buffer.byteLength(template)));
}

function measured(service: string, action: string): number {
  const startedAt = process.cpuUsage();
  derive(service, action);
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / 1000;
}

const [service, action] = process.argv.slice(2);
if (service !== undefined && action !== undefined) {
  const cold = measured(service, action);
  const warm = Array.from({ length: 20 }, () => measured(service, action));
  console.log(JSON.stringify({ cold, warm }));
} else {
  const startedAt = process.cpuUsage();
  let operations = 0;
  let derivable = 0;
  let largest = { name: '', bytes: 0 };
  for (const one of listServices()) {
    for (const name of Object.keys(readService(one)?.operations ?? {})) {
      operations += 1;
      const bytes = derive(one, name);
      if (bytes === undefined) continue;
      derivable += 1;
      if (bytes > largest.bytes) largest = { name: `${one} ${name}`, bytes };
    }
  }
  const { user, system } = process.cpuUsage(startedAt);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(
    JSON.stringify({ operations, derivable, largest, cpuSeconds: (user + system) / 1e6, megabytes }),
  );
}
