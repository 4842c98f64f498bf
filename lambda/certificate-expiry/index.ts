// not bundled: Lambda's Node runtimes carry the SDK, and this function runs once a day
import { APIGatewayClient, GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { EXPIRY_CONFIGURATION, type ExpiryConfiguration } from '../../lib/protocol/certificate-expiry';
import { createHandler } from './handler';

const apiGateway = new APIGatewayClient();

export const handler = createHandler({
  configuration: JSON.parse(process.env[EXPIRY_CONFIGURATION] ?? '') as ExpiryConfiguration,

  endOf: async (clientCertificateId) => {
    const { expirationDate } = await apiGateway.send(
      new GetClientCertificateCommand({ clientCertificateId }),
    );
    if (!expirationDate) throw new Error(`client certificate ${clientCertificateId} has no end`);
    return expirationDate.getTime();
  },

  now: () => Date.now(),
  write: (line) => process.stdout.write(line),
});
