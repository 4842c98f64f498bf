import { apiKeyPattern } from '../../protocol/api-key';
import type { EdgeApiKeyKind } from '../edge-operation';
import { elsewhereThan } from '../operation-statement';
import { escapePattern, inChunks, MAXIMUM_PATTERN } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { all, any, BODY, matches, type Statement } from '../statement';

/** What a mark becomes that is encoded once more than WAF decodes: behind a percent sign, or a backslash in JSON. */
const encoded = (mark: string, code: string) => `(${mark}|(%|\\\\u00)${code})`;
const DOT = encoded('\\.', '2[eE]');
const UNDERSCORE = encoded('_', '5[fF]');

/** How an object begins in Base64, with a quotation mark or a blank behind its brace. */
const OBJECT = 'e(y[AJ]|w[0ok])[\\w-]{8,}=*';
const PART = '[\\w-]{8,}';

/**
 * A JWT in compact form, signed (JWS) or encrypted (JWE); claims are a JSON object. Application Load Balancers pad
 * those they sign, which the RFC forbids.
 */
const TOKEN = `${OBJECT}${DOT}(${OBJECT}|[\\w-]*${DOT}${PART}${DOT}[\\w-]+)${DOT}${PART}`;

/** Fewer characters than these stand in Base64 of anything by chance. */
const TELLING = 6;

/** What the header of a token begins with as a rule, in Base64 as it is in a token, and in Base64 once more. */
const WRAPPED_TOKEN = wrapped(...['alg', 'typ', 'kid'].map((name) => base64(`{"${name}":`).slice(0, 9)));

/**
 * No body hands a service an API key of this gateway or a token, unless the operation is there to take one. The
 * body is read as text, JSON or not, so that one expression serves all kinds; JSON and forms may escape what is in it,
 * and programs wrap secrets in Base64.
 */
export function bodyCredentials({ settings }: RuleContext): RuleDraft[] {
  const { apiKeys, credentialBodies, bodies = [], pathPrefixes } = settings;
  const shapes = [TOKEN, WRAPPED_TOKEN, ...new Set(apiKeys.flatMap(keyShapes))];
  const [first = [], ...more] = inChunks(shapes, MAXIMUM_PATTERN - '()'.length);
  const found = any(holding(first), ...more.map(holding));
  const elsewhere = elsewhereThan(credentialBodies, bodies, pathPrefixes);

  return [
    {
      statement: elsewhere ? all(found, elsewhere) : found,
      response: { refusal: 'CONTRACT_VIOLATION' },
    },
  ];
}

function keyShapes({ prefix, environment }: EdgeApiKeyKind): string[] {
  return [
    apiKeyPattern(prefix, environment).replaceAll('_', UNDERSCORE),
    wrapped(`${prefix}_${environment}_`),
  ].filter((shape) => shape !== '');
}

function holding(shapes: readonly string[]): Statement {
  return matches(BODY, `(${shapes.join('|')})`, 'JS_DECODE', 'URL_DECODE');
}

/**
 * Beginnings in Base64 of either alphabet, at whichever of three places they stand in what was encoded. Percent-decoding
 * makes a blank of a plus.
 */
function wrapped(...beginnings: readonly string[]): string {
  const shapes = [0, 1, 2].flatMap((before) => {
    const texts = beginnings.map((beginning) => certain(beginning, before));
    return texts.filter((text) => text.length >= TELLING);
  });
  const pattern = [...new Set(shapes)]
    .map((text) => escapePattern(text).replaceAll('\\+', '[+ -]').replaceAll('/', '[/_]'))
    .join('|');
  return pattern && `(${pattern})[\\w+ /-]{50}`;
}

/** The characters of a text in Base64 that do not hang on what stands before and behind. */
function certain(text: string, before: number): string {
  const bits = before * 8;
  const end = bits + Buffer.byteLength(text) * 8;
  return base64('\0'.repeat(before) + text).slice(Math.ceil(bits / 6), Math.floor(end / 6));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
