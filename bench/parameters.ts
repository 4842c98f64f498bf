// npx tsx bench/parameters.ts [--json]
//
// The authorizer's judgement of parameters, beside a compiled ajv validator that does the same: coerces text
// to values, checks them, refuses unknown query parameters. Both read the same events in one process, in turns,
// so that the ratio says more than the figures. No times of another machine are quoted.
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { judgeParameters, type ParameterRequest, prepareParameters } from '../lambda/authorizer/parameters';
import type { ParameterRule } from '../lib/protocol/parameter-rules';
import { compile } from '../test/definition/parameters/document';

const PARAMETERS = [
  { name: 'orderId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
  { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
  { name: 'status', in: 'query', schema: { type: 'string', enum: ['open', 'paid', 'sent'] } },
  { name: 'since', in: 'query', schema: { type: 'string', format: 'date-time' } },
  {
    name: 'tag',
    in: 'query',
    schema: { type: 'array', maxItems: 5, items: { type: 'string', pattern: '^[a-z]{1,10}$' } },
  },
  { name: 'archived', in: 'query', schema: { type: 'boolean' } },
  { name: 'X-Page-Token', in: 'header', schema: { type: 'string', minLength: 8, maxLength: 64 } },
];

const REQUEST: ParameterRequest = {
  pathParameters: { orderId: '6f1c0c6e-6f4d-4b5e-9a55-0d3c8f5ad001' },
  query: {
    limit: ['20'],
    status: ['open'],
    since: ['2024-02-29T12:00:00Z'],
    tag: ['red', 'green'],
    archived: ['false'],
  },
  headers: { 'x-page-token': ['abcdefgh12345678'], accept: ['*/*'], 'user-agent': ['curl'] },
};

const rounds = 41;
const calls = 20_000;
const judge = ours();
const validate = theirs();
if (judge(REQUEST) !== true || validate(REQUEST) !== true)
  throw new Error('the request must keep the contract');

const samples: { ours: number; ajv: number }[] = [];
for (let round = 0; round < rounds; round += 1) {
  samples.push({ ours: microseconds(judge), ajv: microseconds(validate) });
}
const result = {
  load300Milliseconds: loadTime(),
  firstJudgementMicroseconds: firstJudgement(),
  judgementMicroseconds: median(samples.map((sample) => sample.ours)),
  ajvMicroseconds: median(samples.map((sample) => sample.ajv)),
  ratio: median(samples.map((sample) => sample.ours / sample.ajv)),
};

const targets = { load300Milliseconds: 3, judgementMicroseconds: 20, ratio: 1 };
if (process.argv.includes('--json')) console.log(JSON.stringify({ bench: 'parameters', ...result, targets }));
else
  console.table(
    Object.entries(result).map(([what, value]) => ({
      what,
      value: Number(value.toPrecision(3)),
      target: targets[what as keyof typeof targets],
    })),
  );
if (Object.entries(targets).some(([what, limit]) => result[what as keyof typeof targets] > limit))
  process.exitCode = 1;

function ours(): (request: ParameterRequest) => boolean {
  const prepared = prepareParameters(rules());
  return (request) => judgeParameters(prepared, request) === undefined;
}

/** One schema for the request; values are copied, because ajv coerces in place. */
function theirs(): (request: ParameterRequest) => boolean {
  const ajv = addFormats(new Ajv({ coerceTypes: 'array', strict: false }));
  const part = (place: string) => {
    const own = PARAMETERS.filter((parameter) => parameter.in === place);
    const key = (name: string) => (place === 'header' ? name.toLowerCase() : name);
    return {
      type: 'object',
      properties: Object.fromEntries(own.map(({ name, schema }) => [key(name), schema])),
      required: own.filter(({ required }) => required).map(({ name }) => key(name)),
      ...(place === 'query' ? { additionalProperties: false } : {}),
    };
  };
  const check = ajv.compile({
    type: 'object',
    properties: { path: part('path'), query: part('query'), header: part('header') },
  });
  const single = (values: ParameterRequest['query']) => {
    const copy: Record<string, unknown> = {};
    for (const name of Object.keys(values))
      copy[name] = values[name]?.length === 1 ? values[name]?.[0] : [...(values[name] ?? [])];
    return copy;
  };
  return (request) =>
    check({
      path: { ...request.pathParameters },
      query: single(request.query),
      header: single(request.headers),
    }) === true;
}

function rules(): readonly ParameterRule[] {
  const { rules: compiled, findings, problems } = compile(PARAMETERS);
  if (findings.length + problems.length > 0) throw new Error('the parameters must compile exactly');
  return compiled;
}

/** Reading the rules of 300 operations out of the policy and making them ready; each run parses anew. */
function loadTime(): number {
  const text = JSON.stringify(Array.from({ length: 300 }, rules));
  return median(
    Array.from({ length: 21 }, () => {
      const start = performance.now();
      const prepared = (JSON.parse(text) as ParameterRule[][]).map(prepareParameters);
      const elapsed = performance.now() - start;
      if (prepared.length !== 300) throw new Error('not all were prepared');
      return elapsed;
    }),
  );
}

/** An operation's first request, which makes its rules ready. */
function firstJudgement(): number {
  const compiled = rules();
  return median(
    Array.from({ length: 101 }, () => {
      const prepared = prepareParameters(compiled);
      const start = performance.now();
      judgeParameters(prepared, REQUEST);
      return (performance.now() - start) * 1_000;
    }),
  );
}

function microseconds(run: (request: ParameterRequest) => boolean): number {
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) run(REQUEST);
  return ((performance.now() - start) * 1_000) / calls;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
