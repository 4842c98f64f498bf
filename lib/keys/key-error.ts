import { GatewayConfigurationError } from '../errors';

/** A command that cannot be carried out, with what to do about it. */
export function keyError(
  code: string,
  at: string,
  message: string,
  remedy: string,
): GatewayConfigurationError {
  return new GatewayConfigurationError([{ code, at, message, remedy }]);
}

/** What AWS refuses, in words that help; anything else as it is. */
export function explainAws(cause: unknown, at: string, refusals: Refusals = OF_TABLE): unknown {
  const name = cause instanceof Error ? cause.name : '';
  const explanation = (UNKNOWN_CALLER.has(name) && NO_CREDENTIALS) || refusals[name] || unreached(cause);
  if (!explanation) return cause;

  const error = keyError(explanation.code, at, explanation.message, explanation.remedy);
  error.cause = cause;
  return error;
}

/** By the names AWS gives its errors. */
export type Refusals = Readonly<Record<string, Explanation>>;

interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** Where no request came to AWS. */
function unreached(cause: unknown): Explanation | undefined {
  const { code, message } = (cause instanceof Error ? cause : {}) as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_URL') {
    return {
      code: 'AWS_ENDPOINT',
      message: 'the endpoint is not an address',
      remedy: 'write --endpoint as https://host:port',
    };
  }
  if (message?.startsWith('Region ')) {
    return {
      code: 'AWS_REGION',
      message: 'it is not known in which region to ask, or the name is not one',
      remedy: 'give --region, for example eu-west-1, or set AWS_REGION',
    };
  }
  return code !== undefined && NETWORK.test(code)
    ? {
        code: 'AWS_UNREACHABLE',
        message: `AWS cannot be reached: ${message}`,
        remedy: 'check your network, --region and --endpoint',
      }
    : undefined;
}

const NETWORK =
  /^(?:E(?:CONN|HOST|NET|PIPE|PROTO|TIMEDOUT|NOTFOUND|AI_)|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

const NO_CREDENTIALS: Explanation = {
  code: 'AWS_CREDENTIALS',
  message: 'AWS does not take your credentials: there are none, or they have expired',
  remedy: 'sign in again, for example by `aws sso login`, and check AWS_PROFILE and --region',
};

/** In the words of JSON services, and of CloudFormation, which has its own. */
const UNKNOWN_CALLER = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

const WRONG_TABLE: Explanation = {
  code: 'WRONG_TABLE',
  message: 'this table is not one of API keys',
  remedy: 'name the table of an `ApiKeyStore` by --table, or its stack by --stack',
};

/** A table of something else. */
export function wrongTable(name: string): GatewayConfigurationError {
  const { code, message, remedy } = WRONG_TABLE;
  return keyError(code, name, message, remedy);
}

const OF_TABLE: Refusals = {
  AccessDeniedException: {
    code: 'NO_PERMISSION',
    message: 'AWS does not let you do this with the key table',
    remedy: 'use a role that `ApiKeyStore.grantAdministration()` was called for',
  },
  ResourceNotFoundException: {
    code: 'NO_SUCH_TABLE',
    message: 'there is no such table in this account and region',
    remedy: 'check --table or --stack, --region, and the account you are signed in to',
  },
  ValidationException: WRONG_TABLE,
};
