import { signingKey, token } from './tokens';
import { authorizer, CLAIMS, jwtVerifier, operation } from './under-test';

export const KEY = signingKey('ES256', 'one');
/** Proves alice, a clerk who may read and write orders. */
export const GOOD = token(KEY, { ...CLAIMS, scope: 'orders:read orders:write', roles: ['clerk'] });

/** The authorizer of an API with one operation, for customers. */
export const only = (changes: Parameters<typeof operation>[0] = {}) =>
  authorizer({ customer: jwtVerifier([KEY]) }, { 'GET /orders': operation(changes) });
