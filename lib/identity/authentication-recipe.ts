import { Token } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Problem } from '../errors';
import type { SchemeConfiguration } from '../protocol';
import type { ClientCertificateAuthenticationOptions } from './client-certificate-authentication';

/**
 * One way to authenticate, taken apart: what is wrong with it, and what the authorizer needs for it.
 */
export interface AuthenticationRecipe {
  /** Everything wrong with the options; `at` says where, in the user's terms. */
  readonly problems: (at: string) => Problem[];

  /** `snapshot` is the file beside the policy in which baked-in keys would lie. */
  readonly configuration: (snapshot: string) => SchemeConfiguration;

  /** Keys baked in at synthesis: text of that file. */
  readonly snapshot?: string;

  /** Table that the authorizer reads for it. */
  readonly table?: dynamodb.ITable;

  /** Secrets that the authorizer reads for it. */
  readonly secrets?: readonly secretsmanager.ISecret[];

  readonly grant?: (grantee: iam.IGrantable) => void;

  /** Of callers who are named by their certificate: it must agree with what the domain demands. */
  readonly clientCertificate?: ClientCertificateAuthenticationOptions;
}

/** What is wrong with an address that must be an absolute HTTPS URL; tokens pass, they are known at deployment only. */
export function httpsProblems(at: string, name: string, url: string): Problem[] {
  if (Token.isUnresolved(url)) return [];
  if (isHttps(url)) return [];

  return [
    {
      code: 'INSECURE_URL',
      at,
      message: `'${name}' must be an https URL without credentials, query or fragment, got ${JSON.stringify(url)}`,
      remedy: 'whoever stands on the way could answer in its place: write an https URL',
    },
  ];
}

function isHttps(text: string): boolean {
  if (!URL.canParse(text)) return false;

  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === 'https:' && [username, password, search, hash].every((part) => part === '');
}

/** What is wrong with a list of audiences. */
export function audienceProblems(at: string, name: string, audiences: readonly string[]): Problem[] {
  if (audiences.length === 0) {
    return [
      {
        code: 'NO_AUDIENCE',
        at,
        message: `'${name}' is empty`,
        remedy: 'name at least one; without one, a token issued for any other service would be accepted',
      },
    ];
  }
  return audiences
    .filter((audience) => !Token.isUnresolved(audience) && !/^[^\s*]+$/.test(audience))
    .map((audience) => ({
      code: 'INVALID_AUDIENCE',
      at,
      message: `'${name}' holds ${JSON.stringify(audience)}`,
      remedy: 'write the audience exactly as tokens carry it; there are no wildcards',
    }));
}

/** What is wrong with names that must not be blank. */
export function blankProblems(at: string, names: Readonly<Record<string, string | undefined>>): Problem[] {
  return Object.entries(names)
    .filter(([, value]) => value !== undefined && !Token.isUnresolved(value) && value.trim() === '')
    .map(([name]) => ({
      code: 'BLANK_OPTION',
      at,
      message: `'${name}' is blank`,
      remedy: 'give it a value or leave it out',
    }));
}
