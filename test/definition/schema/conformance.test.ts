import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledSchema, compileSchema, type Options } from './compile-schema';
import { DRAFT_4, DRAFT_2020_12, type Row } from './conformance-table';

const SUITE = join(__dirname, '../../../../shared/conformance/json-schema');

interface SuiteCase {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

type Verdict = 'same' | 'weaker' | 'silent' | 'wrong';

/** ajv itself never looks at this name; that the model restricts it is tested in `meaning-of-openapi.test.ts`. */
const UNSEEN_BY_AJV = '__proto__ not valid';

/** Verdicts of a file, without unproven keywords and with them. */
function judgeFile(path: string, options: Options): { proven: Verdict[]; unproven: Verdict[] } {
  const cases: SuiteCase[] = JSON.parse(readFileSync(path, 'utf8'));
  const judged = cases.map(({ schema, tests }) => {
    const seen = tests.filter(({ description }) => description !== UNSEEN_BY_AJV);
    const proven = compileSchema(schema, options);
    const unproven = compileSchema(schema, { ...options, emitUnproven: true });
    const verdicts = seen.map((test) => judgeTest(proven, test));
    // to judge is slow, and most models are the same
    const isSame = JSON.stringify(proven.schemas) === JSON.stringify(unproven.schemas);
    return { proven: verdicts, unproven: isSame ? verdicts : seen.map((test) => judgeTest(unproven, test)) };
  });
  return {
    proven: judged.flatMap(({ proven }) => proven),
    unproven: judged.flatMap(({ unproven }) => unproven),
  };
}

function judgeTest({ accepts, codes }: CompiledSchema, { data, valid }: SuiteCase['tests'][number]): Verdict {
  const accepted = accepts(data);
  if (accepted === valid) return 'same';
  if (!accepted) return 'wrong';
  return codes.includes('NOT_ENFORCED') ? 'weaker' : 'silent';
}

/** `format` is an annotation in the suite's own file, so the files that assert it stand in for it. */
function filesOf(draft: string): string[] {
  const jsonIn = (folder: string) =>
    readdirSync(join(SUITE, draft, folder)).filter((file) => file.endsWith('.json'));
  return [
    ...jsonIn('.').filter((file) => file !== 'format.json' && file !== 'refRemote.json'),
    ...jsonIn('optional/format').map((file) => `optional/format/${file}`),
  ];
}

const count = (verdicts: readonly Verdict[], verdict: Verdict) =>
  verdicts.filter((each) => each === verdict).length;

const present = existsSync(SUITE);
if (!present) console.warn(`skipped: there is no ${SUITE}`);

(present ? describe : describe.skip)('JSON Schema test suite', () => {
  describe.each<[string, Options, Readonly<Record<string, Row>>]>([
    ['draft2020-12', { dialect: '3.1' }, DRAFT_2020_12],
    ['draft4', { dialect: '3.0' }, DRAFT_4],
  ])('%s', (draft, options, table) => {
    test('is pinned whole', () => {
      expect(filesOf(draft).sort()).toEqual(Object.keys(table).sort());
    });

    test.each(Object.entries(table))(
      '%s is held, or a finding says what is not',
      (file, { proven, unproven }) => {
        const verdicts = judgeFile(join(SUITE, draft, file), options);

        for (const each of [verdicts.proven, verdicts.unproven]) {
          expect([count(each, 'wrong'), count(each, 'silent')]).toEqual([0, 0]);
        }
        expect([count(verdicts.proven, 'same'), count(verdicts.proven, 'weaker')]).toEqual(proven);
        expect([count(verdicts.unproven, 'same'), count(verdicts.unproven, 'weaker')]).toEqual(
          unproven ?? proven,
        );
      },
    );
  });

  test('keeps at least 95 % of the verdicts once unproven keywords are emitted', () => {
    const outside = /dynamicRef|unevaluated|vocabulary|optional/;
    const rows = Object.entries(DRAFT_2020_12).filter(([file]) => !outside.test(file));
    const [same, weaker] = rows.reduce<[number, number]>(
      ([sames, weakers], [, { proven, unproven = proven }]) => [sames + unproven[0], weakers + unproven[1]],
      [0, 0],
    );

    expect(same + weaker).toBeGreaterThan(800);
    expect(same / (same + weaker)).toBeGreaterThanOrEqual(0.95);
  });
});
