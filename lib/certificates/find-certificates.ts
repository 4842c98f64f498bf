import { keyError } from '../keys/key-error';
import { stackOutputs } from '../keys/stack-outputs';
import { importPeer } from '../local/optional-peer';
import { type KnownCertificate, type ShownCertificate, shownCertificates } from './rotation';

export interface CertificatesTarget {
  readonly stack: string;
  readonly region?: string;
  /** In place of AWS's own. */
  readonly endpoint?: string;
}

/** Certificates that the gateways of a deployed stack show to backends, the one in use first. */
export async function findCertificates({
  stack,
  region,
  endpoint,
}: CertificatesTarget): Promise<KnownCertificate[]> {
  const aws = { ...(region && { region }), ...(endpoint && { endpoint }) };
  const shown = shownCertificates(await stackOutputs(stack, aws));
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
  const client = new APIGatewayClient(aws);
  return Promise.all(
    shown.map(async (one) => {
      const answer = await client
        .send(new GetClientCertificateCommand({ clientCertificateId: one.id }))
        .catch((cause: unknown) => {
          throw explained(cause, one);
        });
      const { pemEncodedCertificate: pem, createdDate, expirationDate } = answer;
      if (!pem || !createdDate || !expirationDate)
        throw new Error(`API Gateway says too little of ${one.name}`);
      return { ...one, pem, createdAt: secondsOf(createdDate), expiresAt: secondsOf(expirationDate) };
    }),
  );
}

function explained(cause: unknown, { name, id }: ShownCertificate): unknown {
  const kind = cause instanceof Error ? cause.name : '';
  if (kind === 'NotFoundException') {
    return keyError(
      'NO_SUCH_CERTIFICATE',
      name,
      `API Gateway does not know the certificate ${id} of the stack's outputs`,
      'look for what was deleted by hand, and deploy',
    );
  }
  if (kind !== 'AccessDeniedException') return cause;
  return keyError(
    'NO_PERMISSION',
    name,
    `AWS does not let you read the certificate ${id}`,
    `use a role that may 'apigateway:GET' /clientcertificates/${id}`,
  );
}

const secondsOf = (date: Date) => Math.floor(date.getTime() / 1000);
