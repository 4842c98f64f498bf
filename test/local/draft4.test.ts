import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BodySchemas } from '../../lib/local/validation/body-schemas';

const suite = join(__dirname, '../../../shared/conformance/json-schema/draft4');
/** Needs schemas from a server; a model has none. */
const remote = ['refRemote.json'];
/** Cases that need a draft-4 `id` to change the base of references, which a model cannot have. */
const beyondModels =
  /base URI|\bid\b|\$id|urn|Location-independent|remote|metaschema|draft-04 meta|relative ref/i;

/** A property of this name is left out by ajv, on purpose: it is how prototypes are attacked. */
const LEFT_OUT = '__proto__ not valid';

interface Group {
  readonly description: string;
  readonly schema: Record<string, unknown>;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

const files = existsSync(suite)
  ? readdirSync(suite).filter((name) => name.endsWith('.json') && !remote.includes(name))
  : [];

describe('the validator of bodies', () => {
  // the suite lies beside the repository, and not in it
  (files.length > 0 ? test.each(files) : test.skip.each(['draft 4 suite']))(
    'conforms to draft 4: %s',
    (file) => {
      const groups: readonly Group[] = JSON.parse(readFileSync(join(suite, file), 'utf8'));
      const wrong = groups
        .filter(
          ({ description, schema }) =>
            !beyondModels.test(description) &&
            !JSON.stringify(schema).includes('json-schema.org/draft-04/schema#"}'),
        )
        .flatMap(({ description, schema, tests }) => {
          const check = new BodySchemas({}).compile(schema);
          return tests
            .filter(({ description: name }) => name !== LEFT_OUT)
            .filter(({ data, valid }) => (check(data) === undefined) !== valid)
            .map((test) => `${description}: ${test.description}`);
        });

      expect(wrong).toEqual([]);
    },
  );
});
