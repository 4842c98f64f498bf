import { type CompiledApi, compile, type GatewayOperation, OpenApiDocument } from '../../lib/definition';
import { GatewayConfigurationError } from '../../lib/errors';
import { minimalDocument } from './minimal-document';
import { mutate, seeded } from './mutation';
import { madeReady, REAL_DOCUMENTS } from './real-documents';

// longer on demand: FUZZ_SECONDS=600 npx jest test/definition/fuzz
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 6);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);
const LONGEST_MILLIS = 20_000;

const SUBJECTS = [
  { name: 'a minimal document', scheme: 'jwt', document: () => minimalDocument(), share: 0.2 },
  ...REAL_DOCUMENTS.map(({ name, scheme }) => ({
    name,
    scheme,
    document: () => madeReady(name),
    share: name.startsWith('train') ? 0.4 : 0.2,
  })),
];

describe.each(SUBJECTS)('compile of $name, mutated', ({ name, scheme, document, share }) => {
  const original = JSON.stringify(document());
  const options = { authentication: [scheme], backends: ['service'] };

  test(
    'compiles or explains itself, opens nothing and comes to an end',
    () => {
      const end = performance.now() + SECONDS * 1000 * share;
      const outcomes = { compiled: 0, refused: 0 };
      for (let seed = SEED; performance.now() < end; seed += 1) {
        const mutant = JSON.parse(original);
        mutate(mutant, seeded(seed));
        outcomes[outcomeOf(mutant, seed)] += 1;
      }

      expect(outcomes.compiled + outcomes.refused).toBeGreaterThan(0);
    },
    SECONDS * 1000 + 2 * LONGEST_MILLIS,
  );

  function outcomeOf(mutant: unknown, seed: number): 'compiled' | 'refused' {
    const start = performance.now();
    const outcome = compileMutant(mutant, seed);
    const took = performance.now() - start;
    if (took > LONGEST_MILLIS) throw new Error(`seed ${seed} of ${name} took ${took} ms`);
    return outcome;
  }

  function compileMutant(mutant: unknown, seed: number): 'compiled' | 'refused' {
    try {
      const text = JSON.stringify(mutant);
      requireClosed(compile(OpenApiDocument.fromString(text, { path: name }), options), mutant);
      return 'compiled';
    } catch (error) {
      if (error instanceof GatewayConfigurationError && error.problems.length > 0) return 'refused';
      throw new Error(`seed ${seed} of ${name}: ${String(error)}`, { cause: error });
    }
  }
});

/** Every operation has the authorizer; those without demands are public in both words. */
function requireClosed({ body, policy }: CompiledApi, document: unknown): void {
  const compiled = Object.values(body.paths).flatMap((item) => Object.values<GatewayOperation>(item));
  if (compiled.length !== Object.keys(policy.operations).length) throw new Error('body and policy differ');
  for (const operation of compiled) {
    const security = JSON.stringify(operation['security']);
    if (security !== '[{"authorizer":[]},{"plan":[]}]')
      throw new Error(`an operation has security ${security}`);
  }
  const open = Object.values(policy.operations).filter(
    ({ security }) =>
      security.length === 0 || security.some((alternative) => Object.keys(alternative).length === 0),
  );
  if (open.length > saidToBeOpen(document)) throw new Error(`operation ${open[0]?.id} is open`);
}

/** How many objects of a document could be operations that are open in both words, however they came there. */
function saidToBeOpen(document: unknown): number {
  const text = JSON.stringify(document);
  const opened = text.split('"security":[]').length - 1;
  if (!text.includes('"public":"')) return 0;
  return rootIsOpen(document) ? Number.POSITIVE_INFINITY : opened;
}

function rootIsOpen(document: unknown): boolean {
  const security: unknown = (document as { security?: unknown } | null)?.security;
  return Array.isArray(security) && security.length === 0;
}
