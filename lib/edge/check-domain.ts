import { Resource, Token } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Problem } from '../errors';
import { subjectProblems } from '../subject-problems';
import type { DomainOptions } from './domain-options';
import { tlsProblems } from './security-policy';

const DOMAIN_NAME =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const BASE_PATH = /^[A-Za-z0-9_.+!~-]{1,128}$/;

/** API Gateway keeps these first segments of a domain's paths for itself (aws-facts 4.18). */
const RESERVED_PATHS = ['ping', 'sping'];

/** Whether a domain can serve an API under this first path segment. */
export function isBasePath(text: string): boolean {
  return BASE_PATH.test(text) && !RESERVED_PATHS.includes(text);
}

/** What is wrong with a domain in a region, all of it. */
export function domainProblems(at: string, options: DomainOptions, region: string): Problem[] {
  const { domainName, certificate, hostedZone, tls13Only = false, mutualTls, basePath } = options;

  return [
    ...check(Token.isUnresolved(domainName) || DOMAIN_NAME.test(domainName), {
      code: 'DOMAIN_NAME',
      at,
      message: `'domainName' must be a host name in lower case, got ${JSON.stringify(domainName)}`,
      remedy: "write for example 'api.example.com'; a gateway serves no wildcard",
    }),
    ...check(certificate !== undefined || hostedZone !== undefined, {
      code: 'DOMAIN_CERTIFICATE',
      at,
      message: 'the domain has no certificate, and no hosted zone to validate one in',
      remedy: "give 'hostedZone', or a 'certificate' of this region",
    }),
    ...check(certificate !== undefined || !isPrivate(hostedZone), {
      code: 'DOMAIN_ZONE_PRIVATE',
      at,
      message: 'a certificate cannot be validated in a private hosted zone: its authority does not see it',
      remedy: "give the domain's public hosted zone, or a 'certificate' of this region",
    }),
    ...elsewhere(region, {
      certificate,
      'mutualTls.ownershipCertificate': mutualTls?.ownershipCertificate,
    }).map(([prop, got]) => ({
      code: 'DOMAIN_CERTIFICATE_REGION',
      at: `${at}.${prop}`,
      message: `a regional domain needs a certificate of its own region, ${region}, got ${got}`,
      remedy: `request or import one in ${region}; only edge-optimized domains take those of us-east-1`,
    })),
    ...check(basePath === undefined || isBasePath(basePath), {
      code: 'DOMAIN_BASE_PATH',
      at,
      message: `'basePath' must be one path segment without slashes, other than 'ping' and 'sping', got ${JSON.stringify(basePath)}`,
      remedy: "write for example 'v1', or leave it out",
    }),
    ...check(isWithin(domainName, hostedZone?.zoneName), {
      code: 'DOMAIN_ZONE',
      at,
      message: `${domainName} does not lie in the hosted zone ${hostedZone?.zoneName}`,
      remedy: 'give the zone of the domain',
    }),
    ...tlsProblems(at, { tls13Only, mutualTls: mutualTls !== undefined }),
    ...(mutualTls?.truststore._problems(`${at}.mutualTls.truststore`) ?? []),
    ...subjectProblems(`${at}.mutualTls`, mutualTls?.allowedSubjects),
  ];
}

function isWithin(domainName: string, zoneName: string | undefined): boolean {
  if (zoneName === undefined || Token.isUnresolved(zoneName) || Token.isUnresolved(domainName)) return true;
  return domainName === zoneName || domainName.endsWith(`.${zoneName}`);
}

function isPrivate(zone: IHostedZone | undefined): boolean {
  return zone instanceof PrivateHostedZone;
}

/** The certificates that are known to lie in another region, by their prop. */
function elsewhere(
  region: string,
  certificates: Readonly<Record<string, ICertificate | undefined>>,
): [string, string][] {
  if (Token.isUnresolved(region)) return [];
  return Object.entries(certificates).flatMap(([prop, certificate]): [string, string][] => {
    if (!certificate) return [];
    const { certificateArn: arn, env, node } = certificate;
    if (!Token.isUnresolved(arn)) return arn.split(':')[3] === region ? [] : [[prop, arn]];
    // one of another stack, which a reference across regions would bring here
    if (!Resource.isOwnedResource(certificate) || Token.isUnresolved(env.region)) return [];
    return env.region === region ? [] : [[prop, `${node.path} of ${env.region}`]];
  });
}

function check(holds: boolean, problem: Problem): Problem[] {
  return holds ? [] : [problem];
}
