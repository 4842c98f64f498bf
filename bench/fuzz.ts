// npx tsx bench/fuzz.ts [--json] [--count 1000000]
//
// Mutated tokens against the signature check, mutated API keys against shape, checksum and hash: none may be
// accepted, and nothing but a refusal may be thrown. CI runs a smaller number of the same.
import { parseArgs } from 'node:util';
import { Credential } from '../lambda/authorizer/credential';
import { Unauthenticated } from '../lambda/authorizer/refused';
import { ApiKeyVerifier } from '../lambda/authorizer/store/api-key-verifier';
import { RememberedItems } from '../lambda/authorizer/store/remembered-items';
import { toStoredKey } from '../lambda/authorizer/store/stored-key';
import { verifyJws } from '../lambda/authorizer/verify-jws';
import { hashApiKey } from '../lib/protocol/api-key';
import { mutations } from '../test/lambda/authorizer/mutations';
import { apiKey } from '../test/lambda/authorizer/store/key-table';
import { signingKey, token } from '../test/lambda/authorizer/tokens';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, count: { type: 'string', default: '1000000' } },
});
const COUNT = Number(values.count);
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

interface Outcome {
  readonly name: string;
  count: number;
  accepted: number;
  crashed: number;
}

function judge(outcome: Outcome, run: () => unknown): void {
  outcome.count += 1;
  try {
    run();
    outcome.accepted += 1;
  } catch (error) {
    if (!(error instanceof Unauthenticated)) outcome.crashed += 1;
  }
}

function tokens(alg: string, seed: number): Outcome {
  const keys = [signingKey(alg, 'one'), signingKey('ES256', 'two')];
  const good = token(
    keys[0] ?? signingKey(alg),
    { iss: 'https://id.example.com/', sub: 'alice' },
    { typ: 'at+jwt' },
  );
  const jwks = { keys: keys.map(({ jwk }) => jwk) };
  const outcome: Outcome = { name: `${alg} tokens`, count: 0, accepted: 0, crashed: 0 };
  for (const text of mutations(good, COUNT / ALGORITHMS.length, seed))
    judge(outcome, () => verifyJws(text, jwks));
  return outcome;
}

async function keys(): Promise<Outcome> {
  const { key } = apiKey('fuzz');
  const item = { hash: hashApiKey(key), status: 'active', tenant: 'acme' };
  // every id leads to the one key: only its hash stands between
  const stored = new RememberedItems(async () => item, toStoredKey, 3_600_000, Date.now);
  const verifier = new ApiKeyVerifier(
    { kind: 'apiKey', prefix: 'sk', environment: 'test' },
    stored,
    Date.now,
  );
  const request = { sourceIp: '192.0.2.1' } as Parameters<ApiKeyVerifier['verify']>[1];
  await verifier.verify(new Credential(key), request);

  const outcome: Outcome = { name: 'API keys', count: 0, accepted: 0, crashed: 0 };
  for (const text of mutations(key, COUNT, 13))
    judge(outcome, () => verifier.verify(new Credential(text), request));
  return outcome;
}

async function main(): Promise<void> {
  const outcomes = [...ALGORITHMS.map((alg, index) => tokens(alg, 17 + index)), await keys()];
  if (values.json) console.log(JSON.stringify({ bench: 'fuzz', outcomes }));
  else console.table(outcomes);
  process.exitCode = outcomes.some(({ accepted, crashed }) => accepted + crashed > 0) ? 1 : 0;
}

void main();
