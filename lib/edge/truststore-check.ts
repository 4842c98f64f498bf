import { X509Certificate } from 'node:crypto';
import type { Problem } from '../errors';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** From memory; no source was found (aws-facts 12.8). */
const MAXIMUM_CERTIFICATES = 1000;
const MAXIMUM_BYTES = 1024 * 1024;

/** Longest chain API Gateway follows, the client's own certificate not counted (aws-facts 12.2). */
const MAXIMUM_CHAIN = 4;

const MINIMUM_RSA_BITS = 2048;

/**
 * What API Gateway would refuse, ignore or trust too far in a truststore, all of it.
 *
 * `now` decides what has expired.
 */
export function checkTruststore(at: string, pem: string, now: Date): Problem[] {
  const blocks = [...pem.matchAll(BLOCK)];
  const problem = (code: string, message: string, remedy: string): Problem => ({ code, at, message, remedy });

  if (blocks.length === 0) {
    return [problem('TRUSTSTORE_EMPTY', 'there is no certificate in it', 'give certificates in PEM')];
  }
  const problems: Problem[] = [];
  if (blocks.some(([, type]) => type?.includes('PRIVATE KEY'))) {
    problems.push(
      problem('TRUSTSTORE_PRIVATE_KEY', 'there is a private key in it', 'take it out: it would be uploaded'),
    );
  }
  if (blocks.length > MAXIMUM_CERTIFICATES || Buffer.byteLength(pem) > MAXIMUM_BYTES) {
    problems.push(
      problem(
        'TRUSTSTORE_SIZE',
        `it holds ${blocks.length} certificates in ${Buffer.byteLength(pem)} bytes`,
        `keep to ${MAXIMUM_CERTIFICATES} certificates and 1 MiB`,
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

/** When the first of the certificates ends. */
export function earliestEnd(pem: string): Date | undefined {
  const ends = [...pem.matchAll(BLOCK)]
    .map(([text]) => parse(text))
    .filter((certificate) => certificate !== undefined)
    .map(({ validTo }) => new Date(validTo).getTime());
  return ends.length > 0 ? new Date(Math.min(...ends)) : undefined;
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
  if (isWeaklySigned(certificate)) {
    yield [
      'TRUSTSTORE_SHA1',
      'is signed with SHA-1 or MD5',
      'have it issued with SHA-256 or better',
    ] as const;
  }
  if (isWeakKey(certificate)) {
    yield [
      'TRUSTSTORE_WEAK_KEY',
      'has an RSA key of less than 2048 bits',
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

/** Steps up to a root, the certificate counted; undefined where an issuer is missing. */
function chainLength(certificate: X509Certificate, all: readonly X509Certificate[]): number | undefined {
  let current = certificate;
  for (let length = 1; length <= all.length; length += 1) {
    if (isIssuedBy(current, current)) return length;
    const issuer = all.find((candidate) => candidate !== current && isIssuedBy(current, candidate));
    if (!issuer) return undefined;
    current = issuer;
  }
  return undefined;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Node does not tell the algorithm; its identifier stands in the certificate. */
function isWeaklySigned(certificate: X509Certificate): boolean {
  return WEAK_SIGNATURES.some((identifier) => certificate.raw.includes(identifier));
}

// sha1WithRSAEncryption, md5WithRSAEncryption, ecdsa-with-SHA1
const WEAK_SIGNATURES = ['2a864886f70d010105', '2a864886f70d010104', '2a8648ce3d0401'].map((hex) => {
  const identifier = Buffer.from(hex, 'hex');
  // as an object identifier stands in DER: tag, length, content
  return Buffer.concat([Buffer.from([0x06, identifier.length]), identifier]);
});

function isWeakKey({ publicKey }: X509Certificate): boolean {
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  return publicKey.asymmetricKeyType === 'rsa' && bits !== undefined && bits < MINIMUM_RSA_BITS;
}

function nameOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ');
}
