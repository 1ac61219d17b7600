// An account with API Gateway in it, called through the SDK.
import { APIGateway } from '@aws-sdk/client-api-gateway';
import { apiGatewayService } from '../../../local/apigateway/service.ts';
import { virtualClock } from '../../../local/clock.ts';
import { aDoor, anAccount } from '../front-door.ts';

export function aGateway() {
  const aws = anAccount({ clock: virtualClock() });
  const door = aDoor(apiGatewayService(aws), { aws });
  return { aws, gateway: new APIGateway(door.client) };
}

/** An API with the method `GET /` and, by choice, its integration. */
export async function anApi(gateway: APIGateway, integration: 'MOCK' | 'none' = 'MOCK') {
  const { id: restApiId = '', rootResourceId: resourceId = '' } = await gateway.createRestApi({
    name: 'api',
  });
  const root = { restApiId, resourceId, httpMethod: 'GET' };
  await gateway.putMethod({ ...root, authorizationType: 'NONE' });
  if (integration === 'MOCK') await gateway.putIntegration({ ...root, type: 'MOCK' });
  return { restApiId, root };
}

/** What the call is refused with, as `Name: message`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'not refused';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
