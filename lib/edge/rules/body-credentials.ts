import type { EdgeApiKeyKind } from '../edge-operation';
import { elsewhereThan } from '../operation-statement';
import { escapePattern, inChunks, MAXIMUM_PATTERN } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { all, any, BODY, matches, type Statement } from '../statement';

/** How an object begins in Base64, with a quotation mark or a blank behind its brace. */
const HEADER = 'e[yw][AJ0ok][\\w-]{8,}=*';
const CLAIMS = 'e[yw][\\w-]{9,}=*';
const PART = '[\\w-]{8,}';

/** A mark as it is, or encoded once more than WAF decodes. */
const DOT = '(\\.|%2.)';
const UNDERSCORE = '(_|%5.)';

/**
 * A JWT in compact form, signed (JWS) or encrypted (JWE); claims are a JSON object. Application Load Balancers pad
 * those they sign, which the RFC forbids.
 */
const TOKEN = `${HEADER}${DOT}(${CLAIMS}|[\\w-]*${DOT}${PART}${DOT}[\\w-]+)${DOT}${PART}`;

/** A token in Base64 whose header begins with `alg` or `typ`, as most do. */
const WRAPPED_TOKEN = 'ZXlK(aGJHY|MGVYQ)';

/** Fewer characters than these stand in Base64 of anything by chance. */
const TELLING = 6;

/**
 * No body hands a service an API key of this gateway or a token, unless the operation is there to take one. The
 * body is read as text, JSON or not, so that one expression serves all kinds; JSON and forms may escape what is in it,
 * and programs wrap secrets in Base64.
 */
export function bodyCredentials({ settings }: RuleContext): RuleDraft[] {
  const { apiKeys, credentialBodies, bodySizes, uninspected, pathPrefixes } = settings;
  const { bodies = [...bodySizes, ...uninspected] } = settings;
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

function holding(shapes: readonly string[]): Statement {
  return matches(BODY, `(${shapes.join('|')})`, 'JS_DECODE', 'URL_DECODE');
}

/**
 * A key as it is, and in Base64 at whichever of three places it stands in what was encoded. Letters and digits have
 * neither `+` nor `/` there, and 67 characters are the fewest that a key's 50 become.
 */
function keyShapes({ prefix, environment }: EdgeApiKeyKind): string[] {
  const label = `${prefix}_${environment}_`;
  const wrapped = [0, 1, 2].map((before) => certainBase64(label, before));
  const telling = wrapped.filter(({ length }) => length >= TELLING).map(escapePattern);

  return [
    `${label.replaceAll('_', UNDERSCORE)}[^\\W_]{50}`,
    ...(telling.length > 0 ? [`(${telling.join('|')})\\w{50}`] : []),
  ];
}

/** The characters of a text in Base64 that do not hang on what stands before and behind. */
function certainBase64(text: string, before: number): string {
  const bits = before * 8;
  const encoded = Buffer.from('\0'.repeat(before) + text).toString('base64');
  return encoded.slice(Math.ceil(bits / 6), Math.floor((bits + text.length * 8) / 6));
}
