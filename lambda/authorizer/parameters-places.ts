import { type ParameterRule, sentNames, spreadReading, styleOf } from '../../lib/protocol/parameter-rules';
import type { ParameterRequest, ParameterViolation } from './parameters';
import { areUnambiguous, decodeCookie, prepareSpreadCookies, readCookies } from './parameters-cookies';
import { judgePath } from './parameters-path';
import { isDeepObject, prepareDeep, prepareSpread, type Spread } from './parameters-query';
import { prepareReader, type Reader } from './parameters-reading';

/** What is wrong with one parameter of a request, or undefined. */
export type Judge = (
  request: ParameterRequest,
) => Exclude<ParameterViolation['reason'], 'UNKNOWN'> | undefined;

/** One for all, since what was read of lines is remembered by them. */
const NO_LINES: readonly string[] = [];

/** Makes one rule ready; `rules` are all of its operation, since a query's names are shared out among them. */
export function prepareRule(rule: ParameterRule, rules: readonly ParameterRule[]): Judge {
  const reader = rule.reading && prepareReader(rule);
  switch (rule.in) {
    case 'path':
      return judgePathParameter(rule, reader);
    case 'query':
      return judgeQueryParameter(rule, rules, reader);
    case 'header':
      return judgeHeader(rule, reader);
    case 'cookie':
      return judgeUnambiguous(rule, judgeCookie(rule, reader));
  }
}

function judgePathParameter({ name }: ParameterRule, reader: Reader | undefined): Judge {
  return ({ pathParameters }) => {
    const text = Object.hasOwn(pathParameters, name) ? pathParameters[name] : undefined;
    if (text === undefined || text === '') return 'MISSING';
    return reader && judgePath(reader, text);
  };
}

function judgeQueryParameter(
  rule: ParameterRule,
  rules: readonly ParameterRule[],
  reader: Reader | undefined,
): Judge {
  const spread = spreadReading(rule);
  const byName = judgeQueryText(rule, reader);
  if (!spread && !isDeepObject(rule)) return byName;

  const { isThere, pick } = spread ? prepareSpread(rule, spread, rules) : prepareDeep(rule);
  return judgeSpread(rule, reader, byName, {
    isThere: ({ query }) => isThere(query),
    pick: ({ query }) => pick(query),
    isNamed: ({ query }) => Object.hasOwn(query, rule.name),
  });
}

/** Judges an object whose properties come by names of their own. */
function judgeSpread(
  { required, reading }: ParameterRule,
  reader: Reader | undefined,
  byName: Judge,
  { isThere, pick, isNamed }: Spread<ParameterRequest> & { isNamed(request: ParameterRequest): boolean },
): Judge {
  const missing = required ? 'MISSING' : undefined;
  if (!reader || !reading || reading.style === 'json') return byName;
  const mayBeNamed = (reading.scalar ?? reading.items) !== undefined;
  if (reading.unread) {
    return (request) => (isThere(request) || (mayBeNamed && isNamed(request)) ? undefined : missing);
  }
  return (request) => {
    const members = pick(request);
    if (typeof members === 'string') return members;
    if (mayBeNamed && isNamed(request)) {
      // the service may take the value by its name, or its properties
      return byName(request) ?? (members.length === 0 ? undefined : reader.members(members));
    }
    return members.length === 0 ? missing : reader.members(members);
  };
}

function judgeQueryText(rule: ParameterRule, reader: Reader | undefined): Judge {
  const { name, required, allowEmpty, reading } = rule;
  const many = isRepeated('query', reading);
  return ({ query }) => {
    const texts = Object.hasOwn(query, name) ? query[name] : undefined;
    const [text] = texts ?? [];
    if (texts === undefined || text === undefined) return required ? 'MISSING' : undefined;
    if (!reader) return undefined;
    if (allowEmpty && text === '' && texts.length === 1) return undefined;
    if (many) return reader.elements(texts);
    return texts.length > 1 ? 'REPEATED' : reader.text(text);
  };
}

/** Whether each element of an array comes under the parameter's name. */
function isRepeated(place: ParameterRule['in'], reading: ParameterRule['reading']): boolean {
  if (!reading || reading.style === 'json') return false;
  return reading.items !== undefined && styleOf(place, reading).explode;
}

function judgeHeader({ name, required, reading }: ParameterRule, reader: Reader | undefined): Judge {
  // only what may be a list can come in several lines (RFC 9110 section 5.3)
  const list =
    reading !== undefined && reading.style !== 'json' && (reading.items ?? reading.properties) !== undefined;
  const variable = variableOf(name);
  return ({ headers }) => {
    for (const other in headers) {
      const mayBeThis = other.length === name.length && other !== name;
      if (mayBeThis && variableOf(other) === variable) return 'REPEATED';
    }
    const texts = Object.hasOwn(headers, name) ? headers[name] : undefined;
    const [text] = texts ?? [];
    if (texts === undefined || text === undefined) return required ? 'MISSING' : undefined;
    if (!reader) return undefined;
    if (list) return reader.text(texts.join(','), trim);
    return texts.length > 1 ? 'REPEATED' : reader.text(text.trim());
  };
}

/** RFC 3875 section 4.1.18: services that get headers as variables take `X_Count` for `X-Count`, some `X.Count` too. */
function variableOf(name: string): string {
  return name.replace(/[-.]/g, '_');
}

function judgeUnambiguous(rule: ParameterRule, judge: Judge): Judge {
  const names = sentNames(rule);
  return (request) => (areUnambiguous(names, cookiesOf(request.headers)) ? judge(request) : 'MALFORMED');
}

function judgeCookie(rule: ParameterRule, reader: Reader | undefined): Judge {
  const spread = spreadReading(rule);
  const byName = judgeCookieText(rule, reader);
  if (!spread) return byName;

  const { isThere, pick } = prepareSpreadCookies(spread);
  return judgeSpread(rule, reader, byName, {
    isThere: ({ headers }) => isThere(cookiesOf(headers)),
    pick: ({ headers }) => pick(cookiesOf(headers)),
    isNamed: ({ headers }) => cookiesOf(headers).has(rule.name),
  });
}

function judgeCookieText({ name, required, reading }: ParameterRule, reader: Reader | undefined): Judge {
  const many = isRepeated('cookie', reading);
  return ({ headers }) => {
    const texts = cookiesOf(headers).get(name);
    const [text] = texts ?? [];
    if (texts === undefined || text === undefined) return required ? 'MISSING' : undefined;
    if (!reader) return undefined;
    if (many) return reader.elements(texts.map(decodeCookie));
    return texts.length > 1 ? 'REPEATED' : reader.text(text, decodeCookie);
  };
}

function cookiesOf(headers: ParameterRequest['headers']) {
  return readCookies(headers['cookie'] ?? NO_LINES);
}

function trim(text: string): string {
  return text.trim();
}
