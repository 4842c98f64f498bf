import { request } from 'node:https';
import { setTimeout } from 'node:timers/promises';
// not bundled: Lambda's Node runtimes carry the SDK, and this function runs once a deployment
import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { GetRoleCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { createHandler } from './handler';

const apiGateway = new APIGatewayClient();
const iam = new IAMClient();

export const handler = createHandler({
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

  respond: (url, body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
      request(url, { method: 'PUT', headers }, (response) => {
        response.resume().on('end', resolve);
      })
        .on('error', reject)
        .end(body);
    }),

  pause: (millis) => setTimeout(millis),
});
