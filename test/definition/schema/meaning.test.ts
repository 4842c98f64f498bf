import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { document, instance } from './arbitrary-schema';
import { compileSchema } from './compile-schema';

/** What the document itself says of values; undefined for a schema that applies to itself without end. */
function original(schema: object, values: readonly unknown[]): boolean[] | undefined {
  try {
    const validate = new Ajv2020({ strict: false, logger: false, ownProperties: true }).compile(schema);
    return values.map((value) => validate(value) === true);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);

describe('a compiled schema', () => {
  test('accepts all that the document accepts, and nothing else unless a finding says so', () => {
    fc.assert(
      fc.property(document, fc.array(instance, { minLength: 5, maxLength: 15 }), (schema, values) => {
        const verdicts = original(schema, values);
        const compiled = compileSchema(schema);
        const reported = compiled.codes.includes('NOT_ENFORCED');
        values.forEach((value, index) => {
          const accepted = compiled.accepts(value);
          if (!verdicts || accepted === verdicts[index]) return;
          const what = `${JSON.stringify(value)} by ${JSON.stringify(compiled.schemas)}`;
          if (!accepted) throw new Error(`stricter: refuses ${what}`);
          if (!reported) throw new Error(`weaker in silence: accepts ${what}`);
        });
      }),
      { numRuns: runs },
    );
  });
});
