import { X509Certificate } from 'node:crypto';
import type { Problem } from '../errors';
import { isSignedWithSha2 } from './signature-algorithm';

const BEGINNING = /-----BEGIN ([^\n]*?)-----/g;
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** From memory; no source was found (aws-facts 12.8). */
const MAXIMUM_CERTIFICATES = 1000;
export const MAXIMUM_BYTES = 1024 * 1024;

/** Longest chain API Gateway follows, the client's own certificate not counted (aws-facts 12.2). */
const MAXIMUM_CHAIN = 4;

const MINIMUM_RSA_BITS = 2048;
const ACCEPTED_CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * What API Gateway would refuse, ignore or trust too far in a truststore, all of it.
 *
 * `now` decides what has expired.
 */
export function checkTruststore(at: string, pem: string, now: Date): Problem[] {
  const kinds = [...pem.matchAll(BEGINNING)].map(([, kind = '']) => kind);
  // first of all: what follows takes long for more
  if (kinds.length > MAXIMUM_CERTIFICATES || Buffer.byteLength(pem) > MAXIMUM_BYTES) {
    return [tooLarge(at, `${kinds.length} certificates in ${Buffer.byteLength(pem)} bytes`)];
  }
  const blocks = [...pem.matchAll(BLOCK)];
  const problem = (code: string, message: string, remedy: string): Problem => ({ code, at, message, remedy });

  if (!blocks.some(([, type]) => type === 'CERTIFICATE')) {
    return [problem('TRUSTSTORE_EMPTY', 'there is no certificate in it', 'give certificates in PEM')];
  }
  const problems: Problem[] = [];
  // what is not read here may be trusted there
  const others = [...new Set(kinds)].filter(
    (kind) => kind !== 'CERTIFICATE' && !kind.includes('PRIVATE KEY'),
  );
  if (others.length > 0 || kinds.length !== blocks.length) {
    problems.push(
      problem(
        'TRUSTSTORE_BLOCKS',
        others.length > 0 ? `it holds ${others.join(', ')}` : 'a block in it has no end, or another inside',
        'keep to blocks that begin with -----BEGIN CERTIFICATE----- and end with -----END CERTIFICATE-----',
      ),
    );
  }
  if (blocks.some(([, type]) => type?.includes('PRIVATE KEY'))) {
    problems.push(
      problem(
        'TRUSTSTORE_PRIVATE_KEY',
        'there is a private key in it',
        'take it out, and consider it known to whoever read the file',
      ),
    );
  }
  const certificates: X509Certificate[] = [];
  for (const [text, type] of blocks) {
    if (type !== 'CERTIFICATE') continue;
    const certificate = parse(text);
    if (certificate) certificates.push(certificate);
    else
      problems.push(problem('TRUSTSTORE_MALFORMED', 'a certificate in it cannot be read', 'write it anew'));
  }
  return [
    ...problems,
    ...certificates.flatMap((certificate) =>
      [...objections(certificate, certificates, now)].map(([code, message, remedy]) =>
        problem(code, `${nameOf(certificate)} ${message}`, remedy),
      ),
    ),
  ];
}

/** Each certificate once, written anew: a key hides in text beside them too, where no block says that it is one. */
export function certificatesAlone(pem: string): string {
  const certificates = [...pem.matchAll(BLOCK)]
    .filter(([, type]) => type === 'CERTIFICATE')
    .map(([text]) => new X509Certificate(text).toString());
  return [...new Set(certificates)].join('');
}

/** For a truststore that holds `content`. */
export function tooLarge(at: string, content: string): Problem {
  return {
    code: 'TRUSTSTORE_SIZE',
    at,
    message: `it holds ${content}`,
    remedy: `keep to ${MAXIMUM_CERTIFICATES} certificates and 1 MiB`,
  };
}

function* objections(certificate: X509Certificate, all: readonly X509Certificate[], now: Date) {
  if (!certificate.ca) {
    yield [
      'TRUSTSTORE_NOT_CA',
      'is not the certificate of an authority',
      'take it out: a truststore holds issuers, not clients',
    ] as const;
  }
  if (new Date(certificate.validTo) <= now) {
    yield ['TRUSTSTORE_EXPIRED', `ended on ${certificate.validTo}`, 'replace it'] as const;
  }
  if (new Date(certificate.validFrom) > now) {
    yield ['TRUSTSTORE_NOT_YET', `is valid from ${certificate.validFrom} on`, 'deploy it then'] as const;
  }
  if (!isSignedWithSha2(certificate.raw)) {
    yield [
      'TRUSTSTORE_SHA1',
      'is signed with SHA-1, or not by RSA or ECDSA over SHA-256 or better',
      'have it issued with SHA-256 or better',
    ] as const;
  }
  if (!isAcceptedKey(certificate)) {
    yield [
      'TRUSTSTORE_WEAK_KEY',
      'has no RSA key of 2048 bits or more, and no ECDSA key on P-256, P-384 or P-521',
      'have it issued for another key',
    ] as const;
  }
  const length = chainLength(certificate, all);
  if (length === undefined) {
    yield ['TRUSTSTORE_CHAIN', 'has no issuer in it', 'add the whole chain up to the root'] as const;
  } else if (length > MAXIMUM_CHAIN) {
    yield [
      'TRUSTSTORE_CHAIN_LENGTH',
      `stands ${length} deep`,
      `API Gateway follows ${MAXIMUM_CHAIN}`,
    ] as const;
  }
}

function parse(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

/** Steps up to the nearest root, the certificate counted; undefined where an issuer is missing. */
function chainLength(certificate: X509Certificate, all: readonly X509Certificate[]): number | undefined {
  const seen = new Set<X509Certificate>();
  // a cross-signed authority has several issuers, one of which may lead nowhere
  let level = [certificate];
  for (let length = 1; level.length > 0; length += 1) {
    if (level.some((one) => isIssuedBy(one, one))) return length;
    for (const one of level) seen.add(one);
    const below = level;
    level = all.filter((issuer) => !seen.has(issuer) && below.some((one) => isIssuedBy(one, issuer)));
  }
  return undefined;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** RSA of 2,048 bits or more, ECDSA of 256 or more (aws-facts 12.2). */
function isAcceptedKey({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = publicKey;
  if (type === 'ec') return ACCEPTED_CURVES.includes(details.namedCurve ?? '');
  return (type === 'rsa' || type === 'rsa-pss') && (details.modulusLength ?? 0) >= MINIMUM_RSA_BITS;
}

function nameOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ');
}
