import { isObject, textOf } from '../template/read';
import type { AuthorizerResult } from './exchange';

/** An authorizer's answer, if it has the documented form; else what is wrong with it. */
export type ParsedAnswer =
  | { readonly kind: 'answer'; readonly result: AuthorizerResult; readonly policyDocument: unknown }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Takes an authorizer's answer apart: principal, policy, a flat context, a key (aws-facts 5.11). */
export function parseAuthorizerAnswer(value: unknown): ParsedAnswer {
  if (!isObject(value)) return malformed('the answer is no object');

  const principalId = textOf(value['principalId']);
  if (principalId === undefined) return malformed('principalId is missing');
  if (!isObject(value['policyDocument'])) return malformed('policyDocument is missing');

  const context: Record<string, string> = {};
  const given = value['context'] ?? {};
  if (!isObject(given)) return malformed('context is no object');
  for (const [key, item] of Object.entries(given)) {
    if (typeof item === 'object') return malformed(`context.${key} is neither text, number nor flag`);
    context[key] = String(item);
  }
  const usageIdentifierKey = textOf(value['usageIdentifierKey']);
  return {
    kind: 'answer',
    policyDocument: value['policyDocument'],
    result: { principalId, context, ...(usageIdentifierKey !== undefined && { usageIdentifierKey }) },
  };
}

function malformed(reason: string): ParsedAnswer {
  return { kind: 'malformed', reason };
}
