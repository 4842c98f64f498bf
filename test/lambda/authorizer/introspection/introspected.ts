import { introspector } from '../../../../lambda/authorizer/introspection/introspect';
import { IntrospectionVerifier } from '../../../../lambda/authorizer/introspection/introspection-verifier';
import { RememberedSecret } from '../../../../lambda/shared/remembered-secret';
import { secretReader } from '../../../../lambda/shared/secret-reader';
import type { IntrospectionConfiguration } from '../../../../lib/protocol/authorizer-configuration';
import { answer as awsAnswer, environment, startService, type TestService } from '../../shared/service';
import { type Behaviour, startServer, type TestServer } from '../https-server';
import { AUDIENCE, authorizer, ISSUER, NOW, operation } from '../under-test';

export const OPAQUE = 'opaque-token-of-alice-0123456789abcdef';
export const ACTIVE = {
  active: true,
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'alice',
  scope: 'orders:read',
  exp: NOW + 600,
};

export let server: TestServer;
export let secrets: TestService;
/** What the issuer was asked, by this test. */
export let asked: { headers: Record<string, string | string[] | undefined>; form: URLSearchParams }[];
export let clock: { millis: number };
const saved = { ...process.env };

beforeAll(async () => {
  server = await startServer(() => {});
  secrets = await startService(awsAnswer({ SecretString: 'pass:word/1' }));
  Object.assign(process.env, environment(secrets.endpoint));
});

afterAll(async () => {
  process.env = { ...saved };
  await server.close();
  await secrets.close();
});

beforeEach(() => {
  asked = [];
  clock = { millis: NOW * 1000 };
  server.requests.length = 0;
  secrets.calls.length = 0;
  secrets.behave = awsAnswer({ SecretString: 'pass:word/1' });
  server.behave = answering(ACTIVE);
});

/** Answers like an issuer, having read the question. */
export function answering(value: unknown, status = 200): Behaviour {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    });
  };
}

export function configurationOf(
  changes: Partial<IntrospectionConfiguration> = {},
): IntrospectionConfiguration {
  return {
    kind: 'introspection',
    endpoint: `${server.url}/introspect`,
    issuer: ISSUER,
    audiences: [AUDIENCE],
    clientId: 'gate way',
    clientSecretArn: 'arn:secret',
    clientAuthentication: 'client_secret_basic',
    ...changes,
  };
}

export function underTest({
  revokeWithinMillis = 30_000,
  configuration: changes = {},
}: {
  revokeWithinMillis?: number;
  configuration?: Partial<IntrospectionConfiguration>;
} = {}) {
  const configuration = configurationOf(changes);
  const now = () => clock.millis;
  const secret = new RememberedSecret(configuration.clientSecretArn, secretReader(), now);
  const introspect = introspector(configuration, { secret, now, agent: server.agent });
  const verifier = new IntrospectionVerifier(configuration, introspect, revokeWithinMillis, now);
  return authorizer(
    { customer: verifier },
    { 'GET /orders': operation({ security: [{ customer: ['orders:read'] }] }) },
  );
}

export const reasonOf = (lines: readonly string[]) => JSON.parse(lines.at(-1) ?? '{}').reason;

export function answerJson401(...[, response]: Parameters<Behaviour>): void {
  response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
}
