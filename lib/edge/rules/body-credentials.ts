import { elsewhereThan } from '../operation-statement';
import { inChunks, MAXIMUM_PATTERN } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { all, any, BODY, matches, type Statement } from '../statement';

const BASE64 = '[A-Za-z0-9_-]';

/**
 * A JWT in compact form, signed (JWS) or encrypted (JWE); claims are a JSON object. Application Load Balancers pad
 * those they sign, which the RFC forbids.
 */
const TOKEN = `eyJ${BASE64}{8,}=*\\.(eyJ${BASE64}{8,}=*|${BASE64}*\\.${BASE64}{8,}\\.${BASE64}+)\\.${BASE64}{8,}`;

/**
 * No body hands a service an API key of this gateway or a token, unless the operation is there to take one. The
 * body is read as text, JSON or not, so that one expression serves all kinds; JSON and forms may escape what is in it.
 */
export function bodyCredentials({ settings }: RuleContext): RuleDraft[] {
  const { apiKeys, credentialBodies, bodies = [], pathPrefixes } = settings;
  const [first = [], ...more] = inChunks([TOKEN, ...new Set(apiKeys)], MAXIMUM_PATTERN - '()'.length);
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
