import { createPublicKey, verify } from 'node:crypto';
import { Credential } from '../lambda/authorizer/credential';
import { createHandler } from '../lambda/authorizer/handler';
import { ecdsaDer } from '../lambda/authorizer/jwt/ecdsa-der';
import { fetchKeySet } from '../lambda/authorizer/jwt/fetch-key-set';
import { IssuerKeys } from '../lambda/authorizer/jwt/issuer-keys';
import { JwtVerifier } from '../lambda/authorizer/jwt/jwt-verifier';
import { Recorder } from '../lambda/authorizer/recorder';
import type { JwsAlgorithm } from '../lib/protocol/authorizer-configuration';
import { authorizerEvent } from '../test/lambda/authorizer/event';
import { AUDIENCE, ISSUER, jwtConfiguration, operation, PLAN_KEYS } from '../test/lambda/authorizer/fixtures';
import { type SigningKey, signingKey, token } from '../test/lambda/authorizer/tokens';
import { type Contender, measure } from './rounds';

// more than an instance remembers, so that each is new when its turn comes
const TOKENS = 2_600;
const NOW = Math.floor(Date.now() / 1000);
const HEADERS = {
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, deflate, br',
  Host: 'api.example.com',
  'User-Agent': 'bench/1.0 (like a client)',
  'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678',
  'X-Forwarded-For': '192.0.2.1',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
};

const HEADER_LISTS = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name, [value]]));

const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: '6f1c0c6e-6f4d-4b5e-9a55-0d3c8f5ad001',
  client_id: '4a0q1s5n8v2b6c9d3f7g',
  scope: 'orders:read orders:write customers:read',
  roles: ['clerk', 'reviewer'],
  email: 'someone@example.com',
  name: 'Some One',
  iat: NOW - 60,
  exp: NOW + 3_600,
};

function turnsOf<T>(values: readonly T[]): () => T {
  let next = 0;
  return () => {
    next = (next + 1) % values.length;
    return values[next] as T;
  };
}

function setUp(key: SigningKey, keys: readonly SigningKey[]) {
  const now = () => Date.now();
  const configuration = jwtConfiguration({ algorithms: [key.alg as JwsAlgorithm] });
  const fetchDocument = async () => ({ json: { keys: keys.map(({ jwk }) => jwk) } });
  const fetchKeys = () => fetchKeySet(configuration, fetchDocument);
  const verifier = new JwtVerifier(configuration, new IssuerKeys(configuration, { fetchKeys, now }), now);
  const handler = createHandler({
    policy: {
      version: 1,
      schemes: { customer: { in: 'authorization' } },
      operations: {
        'GET /orders': operation({ security: [{ customer: ['orders:read'] }] }),
        'GET /health': operation({ security: [] }),
      },
    },
    verifiers: { customer: verifier },
    planKeys: PLAN_KEYS,
    recorder: new Recorder({ write: () => {}, now }),
    now,
  });
  return { verifier, decide: handler };
}

async function competitors(
  key: SigningKey,
  keys: readonly SigningKey[],
  tokens: readonly string[],
): Promise<Contender[]> {
  // a turn of its own each: two in one turn would see the other half of the tokens only
  const [nextOfAws, nextOfJose, nextOfFast, nextOfJsonwebtoken] = [1, 2, 3, 4].map(() => turnsOf(tokens)) as [
    () => string,
    () => string,
    () => string,
    () => string,
  ];
  const jwks = { keys: keys.map(({ jwk }) => jwk) };
  const publicKey = createPublicKey({ key: key.jwk, format: 'jwk' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });

  const { JwtVerifier: AwsVerifier } = require('aws-jwt-verify');
  const aws = AwsVerifier.create({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUri: 'https://id.example.com/jwks',
  });
  aws.cacheJwks(jwks);

  const jose = await import('jose');
  const localSet = jose.createLocalJWKSet(jwks as Parameters<typeof jose.createLocalJWKSet>[0]);

  const { createVerifier } = require('fast-jwt');
  const fast = createVerifier({ key: pem, cache: false, allowedIss: ISSUER, allowedAud: AUDIENCE });

  const contenders: Contender[] = [
    { name: 'aws-jwt-verify', run: () => aws.verify(nextOfAws()) },
    {
      name: 'jose',
      run: () => jose.jwtVerify(nextOfJose(), localSet, { issuer: ISSUER, audience: AUDIENCE }),
    },
    { name: 'fast-jwt', run: () => fast(nextOfFast()) },
  ];
  if (key.alg === 'EdDSA') return contenders;

  const jsonwebtoken = require('jsonwebtoken');
  const client = require('jwks-rsa')({ jwksUri: 'https://id.example.com/jwks', fetcher: async () => jwks });
  const keyOf = (header: { kid: string }, done: (error: unknown, key?: string) => void) =>
    client
      .getSigningKey(header.kid)
      .then((found: { getPublicKey(): string }) => done(null, found.getPublicKey()), done);
  const run = () =>
    new Promise((resolve, reject) => {
      jsonwebtoken.verify(
        nextOfJsonwebtoken(),
        keyOf,
        { issuer: ISSUER, audience: AUDIENCE, algorithms: [key.alg] },
        (error: unknown, claims: unknown) => (error ? reject(error) : resolve(claims)),
      );
    });
  return [...contenders, { name: 'jsonwebtoken + jwks-rsa', run }];
}

async function bench(algorithm: string) {
  const key = signingKey(algorithm, 'key-2');
  const keys = [signingKey('RS256', 'key-1'), key, signingKey('ES256', 'key-3')];
  const tokens = Array.from({ length: TOKENS }, (_, index) =>
    token(key, { ...CLAIMS, jti: `token-${index}` }),
  );
  const eventOf = (text: string) =>
    authorizerEvent({ headers: { ...HEADERS, Authorization: `Bearer ${text}` } });
  const { verifier, decide } = setUp(key, keys);
  const alone = setUp(key, keys);

  const publicKey = createPublicKey({ key: key.jwk, format: 'jwk' });
  const split = tokens.map((text) => {
    const [header, payload, signature = ''] = text.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    return {
      signed: Buffer.from(`${header}.${payload}`),
      signature: algorithm.startsWith('ES') ? ecdsaDer(bytes) : bytes,
    };
  });

  const nextRaw = turnsOf(split);
  // one event for all, with another token each time: a real one has just been read, and is warm
  const event = eventOf('');
  const nextOfDecision = turnsOf(tokens);
  const nextEvent = () => {
    event.multiValueHeaders = { ...HEADER_LISTS, Authorization: [`Bearer ${nextOfDecision()}`] };
    return event;
  };
  const nextToken = turnsOf(tokens);
  const seen = eventOf(tokens[0] ?? '');
  const open = authorizerEvent({ resource: '/health', headers: HEADERS });
  // the first waits for the keys
  await verifier.verify(new Credential(tokens[0] ?? ''), {});
  await alone.verifier.verify(new Credential(tokens[0] ?? ''), {});

  const contenders: Contender[] = [
    {
      name: 'raw crypto.verify',
      run: () => {
        const { signed, signature } = nextRaw();
        return verify(algorithm === 'EdDSA' ? null : 'sha256', signed, publicKey, signature);
      },
    },
    { name: 'verification', run: () => alone.verifier.verify(new Credential(nextToken()), {}) },
    { name: 'decision, new token', run: () => decide(nextEvent()) },
    { name: 'public operation', run: () => decide(open) },
  ];
  const timed = await measure([...contenders, ...(await competitors(key, keys, tokens))]);
  // by itself, so that the turns of new tokens do not push it out of memory
  const repeated = setUp(key, keys);
  await repeated.verifier.verify(new Credential(tokens[0] ?? ''), {});
  const again = await measure([
    { name: 'decision, token seen before', run: () => repeated.decide(seen) },
    { name: 'public operation', run: () => repeated.decide(open) },
  ]);
  return { algorithm, microseconds: { ...Object.fromEntries(timed), ...Object.fromEntries(again) } };
}

async function main(): Promise<void> {
  const results = [];
  for (const algorithm of ['RS256', 'ES256', 'EdDSA']) results.push(await bench(algorithm));
  const fixed = results[0]?.microseconds['public operation'];
  process.stdout.write(JSON.stringify({ node: process.version, fixed, results }));
}

void main();
