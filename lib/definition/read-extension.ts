import { asObject, member } from './json-pointer';
import type { Cors, ExtensionValues, RateLimit } from './setting';

/** What a reader answers: the parsed value, or what it had expected instead. */
export type Reading<T> = { readonly value: T } | { readonly expected: string };

type Reader<T> = (raw: unknown) => Reading<T>;

/** One reader for each key of `x-gateway`; there are no other keys. */
export const EXTENSION_READERS: { readonly [Key in keyof ExtensionValues]: Reader<ExtensionValues[Key]> } = {
  backend: text('the name of a backend'),
  public: text('the reason the operation may be open to anyone, in words'),
  roles,
  owner,
  rateLimit,
  maxBody,
  uninspected: text('the reason the body need not be inspected, in words'),
  credentialsInBody: text('the reason the body may hold API keys and tokens, in words'),
  timeout,
  contract: oneOf('enforce', 'observe'),
  cors,
  onlyFrom: text('the name of an IP set'),
  audit: oneOf('sensitive'),
};

const SIZE = /^(\d+) ?(B|KB|MB)$/;
const BYTES = { B: 1, KB: 1024, MB: 1024 * 1024 };
const TIME = /^(\d+)(ms|s)$/;
const LIMIT_SUBJECTS = ['caller', 'tenant', 'client', 'ip'] as const;
const DAY_SECONDS = 86_400;

function text(expected: string): Reader<string> {
  return (raw) => (typeof raw === 'string' && raw.trim() !== '' ? { value: raw } : { expected });
}

function oneOf<T extends string>(...allowed: readonly T[]): Reader<T> {
  return (raw) => {
    const value = allowed.find((word) => word === raw);
    return value === undefined ? { expected: allowed.map((word) => `'${word}'`).join(' or ') } : { value };
  };
}

function roles(raw: unknown): Reading<readonly string[]> {
  return isTexts(raw) && raw.length > 0
    ? { value: [...raw] }
    : { expected: 'a list of one role or more, any of which admits' };
}

function owner(raw: unknown): Reading<ExtensionValues['owner']> {
  const parameter = member(raw, 'parameter');
  const claim = member(raw, 'claim');
  return typeof parameter === 'string' && typeof claim === 'string' && hasOnly(raw, ['parameter', 'claim'])
    ? { value: { parameter, claim } }
    : { expected: "'{ parameter, claim }', the name of a path parameter and of a claim" };
}

function rateLimit(raw: unknown): Reading<RateLimit> {
  const limit = member(raw, 'limit');
  const perSeconds = member(raw, 'perSeconds');
  const by = member(raw, 'by');
  const subject = LIMIT_SUBJECTS.find((word) => word === by);
  const bySaid = by !== undefined;
  return isCount(limit) &&
    isCount(perSeconds) &&
    perSeconds <= DAY_SECONDS &&
    bySaid === (subject !== undefined) &&
    hasOnly(raw, ['limit', 'perSeconds', 'by'])
    ? { value: { limit, perSeconds, ...(subject ? { by: subject } : {}) } }
    : {
        expected: `'{ limit, perSeconds }' in whole numbers from 1, 'perSeconds' up to ${DAY_SECONDS}, with 'by' caller, tenant, client or ip if each is to have his own`,
      };
}

function maxBody(raw: unknown): Reading<number> {
  const [, digits, unit] = SIZE.exec(String(raw)) ?? [];
  const bytes = Number(digits) * BYTES[(unit ?? 'B') as keyof typeof BYTES];
  return typeof raw === 'string' && bytes > 0
    ? { value: bytes }
    : { expected: "a size such as '16KB' (1 KB is 1,024 bytes)" };
}

function timeout(raw: unknown): Reading<number> {
  const [, digits, unit] = TIME.exec(String(raw)) ?? [];
  const millis = Number(digits) * (unit === 's' ? 1000 : 1);
  return millis >= 50 && millis <= 29_000
    ? { value: millis }
    : { expected: "a time from '50ms' to '29s', which is all API Gateway waits" };
}

function cors(raw: unknown): Reading<Cors> {
  const origins = member(raw, 'origins');
  const headers = member(raw, 'headers') ?? [];
  const exposeHeaders = member(raw, 'exposeHeaders') ?? [];
  const credentials = member(raw, 'credentials') ?? false;
  const maxAgeSeconds = member(raw, 'maxAgeSeconds') ?? 600;
  return isTexts(origins) &&
    isTexts(headers) &&
    isTexts(exposeHeaders) &&
    typeof credentials === 'boolean' &&
    isCount(maxAgeSeconds) &&
    hasOnly(raw, ['origins', 'headers', 'exposeHeaders', 'credentials', 'maxAgeSeconds'])
    ? { value: { origins, headers, exposeHeaders, credentials, maxAgeSeconds } }
    : {
        expected:
          "'{ origins: [https://…] }', with 'headers', 'exposeHeaders', 'credentials' and 'maxAgeSeconds' if wanted",
      };
}

function isTexts(raw: unknown): raw is readonly string[] {
  return Array.isArray(raw) && raw.every((item) => typeof item === 'string' && item !== '');
}

function isCount(raw: unknown): raw is number {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 1;
}

function hasOnly(raw: unknown, keys: readonly string[]): boolean {
  return Object.keys(asObject(raw) ?? {}).every((key) => keys.includes(key));
}
