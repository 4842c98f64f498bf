// not bundled: Lambda's Node runtimes carry the SDK, and this function runs once a day
import { APIGatewayClient, GetClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { EXPIRY_CONFIGURATION, type ExpiryConfiguration } from '../../lib/protocol/certificate-expiry';
import { background } from '../shared/background';
import { createHandler } from './handler';

const apiGateway = new APIGatewayClient();
const s3 = new S3Client();

export const handler = background(
  createHandler({
    configuration: JSON.parse(process.env[EXPIRY_CONFIGURATION] ?? '') as ExpiryConfiguration,

    endOf: async (clientCertificateId) => {
      const { expirationDate } = await apiGateway.send(
        new GetClientCertificateCommand({ clientCertificateId }),
      );
      if (!expirationDate) throw new Error(`client certificate ${clientCertificateId} has no end`);
      return expirationDate.getTime();
    },

    read: async ({ bucket: Bucket, key: Key, version: VersionId }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      if (!Body) throw new Error(`object ${Key} of bucket ${Bucket} is empty`);
      return Body.transformToString('utf8');
    },

    now: () => Date.now(),
    write: (line) => process.stdout.write(line),
  }),
);
