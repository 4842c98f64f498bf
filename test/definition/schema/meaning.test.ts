import Ajv2020 from 'ajv/dist/2020';
import fc from '../../fixtures/property';
import { document, instance } from './arbitrary-schema';
import { compileSchema } from './compile-schema';

/** What the document itself says of values; undefined where ajv itself fails: on schemas without end, and on some `unevaluated…`. */
function original(schema: object, values: readonly unknown[]): boolean[] | undefined {
  try {
    const validate = new Ajv2020({ strict: false, logger: false, ownProperties: true }).compile(schema);
    return values.map((value) => validate(value) === true);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Whether every object within `value` is that of the value itself: what closing does within depends on more than one place. */
const isFlat = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Object.values(value).every((each) => typeof each !== 'object' || each === null);

const runs = Number(process.env['FUZZ_RUNS'] ?? 80);

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

  test('accepts no more closed than open, and closed all that evaluates every field', () => {
    fc.assert(
      fc.property(
        document,
        fc.array(instance.filter(isFlat), { minLength: 5, maxLength: 15 }),
        (schema, values) => {
          const { $defs, ...root } = schema;
          const verdicts = original({ allOf: [root], unevaluatedProperties: false, $defs }, values);
          const [open, closed] = [compileSchema(schema), compileSchema(schema, { closed: true })];
          values.forEach((value, index) => {
            const accepted = closed.accepts(value);
            const what = `${JSON.stringify(value)} by ${JSON.stringify(closed.schemas)}`;
            if (accepted && !open.accepts(value)) throw new Error(`closing opens: accepts ${what}`);
            if (!accepted && verdicts?.[index]) throw new Error(`closing refuses what is named: ${what}`);
          });
        },
      ),
      { numRuns: runs },
    );
  });
});
