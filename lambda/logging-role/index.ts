import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import { setTimeout } from 'node:timers/promises';
// not bundled: Lambda's Node runtimes carry the SDK, and this function runs once a deployment
import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { GetRoleCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { background } from '../shared/background';
import { answersCloudFormation } from './answer-cloudformation';
import { createHandler, type ResourceEvent } from './handler';

const ANSWER_MILLIS = 5_000;

const apiGateway = new APIGatewayClient();
const iam = new IAMClient();

const setRole = createHandler({
  currentRole: async () => (await apiGateway.send(new GetAccountCommand())).cloudwatchRoleArn,

  setRole: async (arn) => {
    const patchOperations = [{ op: 'replace', path: '/cloudwatchRoleArn', value: arn } as const];
    await apiGateway.send(new UpdateAccountCommand({ patchOperations }));
  },

  roleExists: async (arn) => {
    try {
      await iam.send(new GetRoleCommand({ RoleName: arn.split('/').at(-1) }));
      return true;
    } catch (error) {
      if (error instanceof NoSuchEntityException) return false;
      throw error;
    }
  },

  pause: (millis) => setTimeout(millis),
});

export const handler = background(setRole, [
  answersCloudFormation<ResourceEvent>({
    physicalId: 'api-gateway-logging-role',
    put,
    pause: (millis) => setTimeout(millis),
  }),
]);

/** An answer's URL is signed for a type of content that is empty. */
function put(url: string, body: string): Promise<number> {
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    request(url, { method: 'PUT', headers, timeout: ANSWER_MILLIS }, (response) => {
      response
        .resume()
        .on('end', () => resolve(response.statusCode ?? 0))
        .on('error', reject);
    })
      .on('timeout', function (this: ClientRequest) {
        this.destroy(new Error('no answer'));
      })
      .on('error', reject)
      .end(body);
  });
}
