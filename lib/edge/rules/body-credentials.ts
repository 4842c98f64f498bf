import { elsewhereThan } from '../operation-statement';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { all, BODY, matches } from '../statement';

const BASE64 = '[A-Za-z0-9_-]';

/** A JWT in compact form, signed (JWS) or encrypted (JWE); claims are a JSON object. */
const TOKEN = `eyJ${BASE64}{8,}\\.(eyJ${BASE64}{8,}|${BASE64}*\\.${BASE64}{8,}\\.${BASE64}+)\\.${BASE64}{8,}`;

/**
 * No body hands a service an API key of this gateway or a token, unless the operation is there to take one. The
 * body is read as text, JSON or not, so that one expression serves all; JSON and forms may escape what is in it.
 */
export function bodyCredentials({ settings }: RuleContext): RuleDraft[] {
  const { apiKeys, credentialBodies, bodies = [], pathPrefixes } = settings;
  const shapes = [TOKEN, ...new Set(apiKeys)];
  const found = matches(BODY, `(${shapes.join('|')})`, 'JS_DECODE', 'URL_DECODE');
  const taken = new Set(credentialBodies.map(({ method, path }) => `${method} ${path}`));
  const others = bodies.filter(({ method, path }) => !taken.has(`${method} ${path}`));
  const elsewhere = elsewhereThan(credentialBodies, others, pathPrefixes);

  return [
    {
      statement: elsewhere ? all(found, elsewhere) : found,
      response: { refusal: 'CONTRACT_VIOLATION' },
    },
  ];
}
