import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authentication } from '../../lib/identity/authentication';
import { fetchJwksSnapshot } from '../../lib/identity/fetch-jwks-snapshot';
import { JwksSnapshot } from '../../lib/identity/jwks-snapshot';
import { signingKey } from '../lambda/authorizer/tokens';

const ISSUER = 'https://id.example.com/';
const KEY = signingKey('ES256', 'one');
const NOW = 1_800_000_000_000;

/** Answers by URL, as the network would. */
const answering = (answers: Readonly<Record<string, () => Response>>): typeof fetch =>
  (async (url) => answers[String(url)]?.() ?? new Response('', { status: 404 })) as typeof fetch;

const DISCOVERY = `${ISSUER}.well-known/openid-configuration`;
const GOOD = {
  [DISCOVERY]: () => Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}keys` }),
  [`${ISSUER}keys`]: () => Response.json({ keys: [KEY.jwk] }),
};

const fetchFrom = (answers: Readonly<Record<string, () => Response>>) =>
  fetchJwksSnapshot({ issuer: ISSUER, fetch: answering(answers), now: () => NOW });

describe('fetchJwksSnapshot', () => {
  test('fetches keys from where the issuer says they are', async () => {
    await expect(fetchFrom(GOOD)).resolves.toEqual({ issuer: ISSUER, fetchedAt: NOW, keys: [KEY.jwk] });
  });

  test.each([
    ['the issuer is not there', {}, 'it answered 404'],
    [
      'another issuer answers',
      { ...GOOD, [DISCOVERY]: () => Response.json({ issuer: 'https://x/', jwks_uri: 'https://x/' }) },
      'another issuer',
    ],
    ['what answers is no object', { [DISCOVERY]: () => Response.json(null) }, 'it is no JSON object'],
    ['what answers is a list', { [DISCOVERY]: () => Response.json([]) }, 'it is no JSON object'],
    ['what answers is no JSON', { [DISCOVERY]: () => new Response('<html>\u009b31m') }, 'cannot be read'],
    [
      'keys are over http',
      { ...GOOD, [DISCOVERY]: () => Response.json({ issuer: ISSUER, jwks_uri: 'http://id/keys' }) },
      'not an https URL',
    ],
    [
      'there are no keys',
      { ...GOOD, [`${ISSUER}keys`]: () => Response.json({ keys: [] }) },
      'answered no keys',
    ],
    [
      'a key is private',
      { ...GOOD, [`${ISSUER}keys`]: () => Response.json({ keys: [{ ...KEY.jwk, d: 'x' }] }) },
      'private or symmetric',
    ],
    ['the answer is no JSON', { ...GOOD, [`${ISSUER}keys`]: () => new Response('<html>') }, 'cannot be read'],
    [
      'the answer is too long',
      { ...GOOD, [`${ISSUER}keys`]: () => new Response(' '.repeat(300_000)) },
      'longer than',
    ],
  ])('fails where %s', async (_, answers, message) => {
    await expect(fetchFrom(answers as Readonly<Record<string, () => Response>>)).rejects.toThrow(message);
  });
});

describe('JwksSnapshot', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jwks-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function written(value: unknown): Authentication {
    const path = join(folder, 'keys.json');
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
    return Authentication.jwt({ issuer: ISSUER, audiences: ['a'], keys: JwksSnapshot.fromFile(path) });
  }

  test('lies beside the policy under the name that the configuration says', async () => {
    const { configuration, files } = written(await fetchFrom(GOOD))._bind('customer', 'Api');

    expect(configuration).toMatchObject({ snapshot: 'jwks-customer.json' });
    expect(JSON.parse(files['jwks-customer.json'] ?? '')).toMatchObject({ issuer: ISSUER, fetchedAt: NOW });
  });

  test.each([
    ['is no JSON', 'keys', 'is not a snapshot'],
    ['is a bare key set', { keys: [] }, 'is not a snapshot'],
    ['is of another issuer', { issuer: 'https://x/', fetchedAt: NOW, keys: [] }, 'another issuer'],
    ['holds a private key', { issuer: ISSUER, fetchedAt: NOW, keys: [{ d: 'x' }] }, 'private'],
  ])('fails where it %s', (_, value, message) => {
    expect(written(value)._problems('Api')).toMatchObject([
      { code: 'INVALID_SNAPSHOT', message: expect.stringContaining(message) },
    ]);
  });
});
