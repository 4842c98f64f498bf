import { type AwsTarget, clientOptions } from '../keys/aws-target';
import { explainAws, notAws, type Refusals } from '../keys/explain-aws';
import { keyError } from '../keys/key-error';
import { stackOutputs } from '../keys/stack-outputs';
import { importPeer } from '../local/optional-peer';
import { type KnownCertificate, type ShownCertificate, shownCertificates } from './rotation';

export interface CertificatesTarget extends AwsTarget {
  readonly stack: string;
}

/** Certificates that the gateways of a deployed stack show to backends, the one in use first. */
export async function findCertificates({
  stack,
  ...target
}: CertificatesTarget): Promise<KnownCertificate[]> {
  const shown = shownCertificates(await stackOutputs(stack, target));
  if (shown.length === 0) {
    throw keyError(
      'NO_CLIENT_CERTIFICATE',
      stack,
      'no gateway of this stack shows a certificate to its backends',
      'set `clientCertificate: true` on a backend and deploy',
    );
  }

  const { APIGatewayClient, GetClientCertificateCommand } = await importPeer(
    '@aws-sdk/client-api-gateway',
    import('@aws-sdk/client-api-gateway'),
  );
  const client = new APIGatewayClient(clientOptions(target));
  return Promise.all(
    shown.map(async (one) => {
      const answer = await client
        .send(new GetClientCertificateCommand({ clientCertificateId: one.id }))
        .catch((cause: unknown) => {
          throw explainAws(cause, one.name, refusalsFor(one));
        });
      const { pemEncodedCertificate: pem, createdDate, expirationDate } = answer;
      if (!pem || !createdDate || !expirationDate) {
        throw notAws(one.name, 'it does not tell the certificate and its times');
      }
      return { ...one, pem, createdAt: secondsOf(createdDate), expiresAt: secondsOf(expirationDate) };
    }),
  );
}

const refusalsFor = ({ id }: ShownCertificate): Refusals => ({
  NotFoundException: {
    code: 'NO_SUCH_CERTIFICATE',
    message: `API Gateway does not know the certificate ${id} of the stack's outputs`,
    remedy: 'look for what was deleted by hand, and deploy',
  },
  AccessDeniedException: {
    code: 'NO_PERMISSION',
    message: `AWS does not let you read the certificate ${id}`,
    remedy: `use a role that may 'apigateway:GET' /clientcertificates/${id}`,
  },
});

const secondsOf = (date: Date) => Math.floor(date.getTime() / 1000);
