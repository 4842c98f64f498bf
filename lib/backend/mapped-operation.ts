import type { DeclaredExchange } from '../definition/compiled-api';
import type { Problem } from '../errors';
import { PROBLEM_MEDIA_TYPE, problemType } from '../protocol/refusals';

type Fields = Readonly<Record<string, unknown>>;

/** Parts of an operation, in place of those of a proxied one. */
export interface MappedOperation {
  readonly parameters: readonly Fields[];
  readonly responses: Fields;
  readonly 'x-amazon-apigateway-integration': Fields;
}

/** On every answer, whatever the service says. */
const HYGIENE = {
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
};

/** Negotiated, and never among the parameters of a document. */
const CONTENT_HEADERS = ['Content-Type', 'Accept'];

/**
 * An operation through which only what the document declares passes, both ways (aws-facts 9.10).
 *
 * `proxied` is the integration as a proxy would have it, `parameters` those of the path, `added` further headers
 * of every answer.
 */
export function mappedOperation(
  proxied: Fields,
  parameters: readonly Fields[],
  { headers, queryParameters, answers }: DeclaredExchange,
  added: Readonly<Record<string, string>>,
): MappedOperation {
  const own = Object.keys(recordOf(proxied['requestParameters'])).map((key) => key.toLowerCase());
  const forwarded = [...headers, ...CONTENT_HEADERS].filter(
    // what the gateway sets itself is not the caller's to say
    (name) => !own.includes(`integration.request.header.${name.toLowerCase()}`),
  );
  const rules = answerRules(answers);

  return {
    parameters: [
      ...parameters,
      ...queryParameters.map((name) => parameter(name, 'query')),
      ...forwarded.map((name) => parameter(name, 'header')),
    ],
    responses: methodResponses(rules, added),
    'x-amazon-apigateway-integration': {
      ...proxied,
      type: 'http',
      passthroughBehavior: 'when_no_match',
      requestParameters: {
        ...mappings(queryParameters, 'querystring', 'multivaluequerystring'),
        ...mappings(forwarded, 'header', 'header'),
        ...recordOf(proxied['requestParameters']),
      },
      responses: Object.fromEntries(rules.map((rule) => [rule.pattern, integrationResponse(rule, added)])),
    },
  };
}

/** Which answers of the service become which of the gateway. */
interface AnswerRule {
  /** Regular expression on the service's status, or `default`. */
  readonly pattern: string;
  readonly status: string;
  readonly headers: readonly string[];
  /** The service's own body does not pass. */
  readonly refusal?: { readonly code: string; readonly title: string };
}

const BAD_GATEWAY = { code: 'BACKEND_UNAVAILABLE', title: 'Bad gateway' };
const BAD_REQUEST = { code: 'REQUEST_REFUSED', title: 'Request refused' };

/** A non-proxy integration cannot hand on any status, so what is declared as a class comes as its first. */
function answerRules(answers: DeclaredExchange['answers']): AnswerRule[] {
  const exact = Object.keys(answers).filter((status) => /^\d{3}$/.test(status));
  const declared = exact.map((status) => ({ pattern: status, status, headers: answers[status] ?? [] }));
  const classes = ['2', '3', '4', '5'].flatMap((digit): AnswerRule[] => {
    const others = exact.filter((status) => status.startsWith(digit));
    const pattern = `${others.length > 0 ? `(?!${others.join('|')})` : ''}${digit}\\d{2}`;
    const headers = answers[`${digit}XX`] ?? answers[`${digit}xx`];
    if (headers) return [{ pattern, status: `${digit}00`, headers }];
    return digit === '4' ? [{ pattern, status: '400', headers: [], refusal: BAD_REQUEST }] : [];
  });
  return [...declared, ...classes, { pattern: 'default', status: '502', headers: [], refusal: BAD_GATEWAY }];
}

function integrationResponse(
  { status, headers, refusal }: AnswerRule,
  added: Readonly<Record<string, string>>,
) {
  const fixed = Object.entries({ ...HYGIENE, ...added }).map(([name, value]) => [
    `method.response.header.${name}`,
    `'${value}'`,
  ]);
  const passed = ['Content-Type', ...headers].map((name) => [
    `method.response.header.${name}`,
    `integration.response.header.${name}`,
  ]);
  if (!refusal) {
    return { statusCode: status, responseParameters: Object.fromEntries([...passed, ...fixed]) };
  }
  const { code, title } = refusal;
  const problem = { type: problemType(code), title, status: Number(status), code };
  return {
    statusCode: status,
    responseParameters: {
      'method.response.header.Content-Type': `'${PROBLEM_MEDIA_TYPE}'`,
      ...Object.fromEntries(fixed),
    },
    responseTemplates: { 'application/json': JSON.stringify(problem) },
  };
}

/** A header of an answer must be declared before it can be mapped. */
function methodResponses(rules: readonly AnswerRule[], added: Readonly<Record<string, string>>): Fields {
  const byStatus = new Map<string, Set<string>>();
  for (const { status, headers } of rules) {
    const names = byStatus.get(status) ?? new Set(['Content-Type', ...Object.keys({ ...HYGIENE, ...added })]);
    for (const name of headers) names.add(name);
    byStatus.set(status, names);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      status,
      {
        // OpenAPI demands one, and a large document pays for each letter of it
        description: '-',
        headers: Object.fromEntries([...names].map((name) => [name, { schema: { type: 'string' } }])),
      },
    ]),
  );
}

/** API Gateway wants one name in one place only (aws-facts 13.6). */
export function mappedProblems(
  at: string,
  operation: string,
  pathParameters: readonly string[],
  { headers, queryParameters, unlisted, binaryAnswers = [] }: DeclaredExchange,
): Problem[] {
  const names = [...pathParameters, ...queryParameters, ...headers];
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...[...new Set(repeated)].map((name) => ({
      code: 'MAPPED_PARAMETER_NAME',
      at,
      message: `${operation} has parameters of the name ${JSON.stringify(name)} in two places`,
      remedy: "rename one, or leave out 'responses: MAPPED'",
    })),
    ...binaryAnswers.map((mediaType) => ({
      code: 'MAPPED_BINARY_ANSWER',
      at,
      message: `${operation} answers ${mediaType}, which API Gateway would read as text`,
      remedy: "leave out 'responses: MAPPED', or answer with an address to get it from",
    })),
    ...unlisted.map((name) => ({
      code: 'MAPPED_PARAMETER_OBJECT',
      at,
      message: `${operation} has the query parameter ${JSON.stringify(name)}, an object whose properties come by names that no mapping can list`,
      remedy: "name its properties and write 'style: form', or leave out 'responses: MAPPED'",
    })),
  ];
}

function parameter(name: string, place: string): Fields {
  return { name, in: place, required: false, schema: { type: 'string' } };
}

function mappings(names: readonly string[], to: string, from: string): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [`integration.request.${to}.${name}`, `method.request.${from}.${name}`]),
  );
}

function recordOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
