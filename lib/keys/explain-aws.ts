import type { GatewayConfigurationError } from '../errors';
import { keyError } from './key-error';

/** By the names AWS gives its errors. */
export type Refusals = Readonly<Record<string, Explanation>>;

export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * Why a call of AWS came to nothing, in words that help, those of `refusals` first; what is no fault of such a call,
 * as it is.
 */
export function explainAws(cause: unknown, at: string, refusals: Refusals = {}): unknown {
  if (!(cause instanceof Error)) return cause;
  const fault: AwsFault = cause;
  const { name } = fault;
  const own = Object.hasOwn(refusals, name) ? refusals[name] : undefined;
  const explanation =
    (UNKNOWN_CALLER.has(name) && NO_CREDENTIALS) ||
    own ||
    unreached(fault) ||
    unread(fault) ||
    refused(fault);
  if (!explanation) return cause;

  const error = keyError(explanation.code, at, explanation.message, explanation.remedy);
  error.cause = cause;
  return error;
}

/** Something answered, but not as AWS does. */
export function notAws(at: string, lacking: string): GatewayConfigurationError {
  return keyError('AWS_ANSWER', at, `what answered is not AWS: ${lacking}`, CHECK_ENDPOINT);
}

/** What the SDK puts on its errors. */
interface AwsFault extends NodeJS.ErrnoException {
  /** Whose fault it is, where AWS answered in its own way. */
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
  /** Hidden; there where an answer could not be read. */
  readonly $response?: { readonly statusCode?: number };
}

const CHECK_ENDPOINT = 'check --endpoint and --region, and any proxy before them';

/** Where no answer came. */
function unreached({ code, message, name }: AwsFault): Explanation | undefined {
  if (code === 'ERR_INVALID_URL') {
    return {
      code: 'AWS_ENDPOINT',
      message: 'the endpoint is not an address',
      remedy: 'write --endpoint as https://host:port',
    };
  }
  if (message.startsWith('Region ')) {
    return {
      code: 'AWS_REGION',
      message: 'it is not known in which region to ask, or the name is not one',
      remedy: 'give --region, for example eu-west-1, or set AWS_REGION',
    };
  }
  // the SDK gives this name to what was broken off too
  const isSilent = name === 'TimeoutError' && (code === undefined || code === 'ETIMEDOUT');
  if (!isSilent && (code === undefined || !NETWORK.test(code))) return undefined;
  // of several addresses that were tried there is a code and no message
  const reason = isSilent ? 'it does not answer' : message || code;
  return {
    code: 'AWS_UNREACHABLE',
    message: `AWS cannot be reached: ${reason}`,
    remedy: 'check your network, --region and --endpoint',
  };
}

const NETWORK =
  /^(?:E(?:CONN|HOST|NET|PIPE|PROTO|TIMEDOUT|NOTFOUND|AI_)|ERR_TLS|CERT_|DEPTH_ZERO|HPE_|SELF_SIGNED|UNABLE_TO)/;

/** Where what answered was not AWS. Its words are no one's, and may be anything: they are not repeated. */
function unread({ name, $fault, $metadata, $response }: AwsFault): Explanation | undefined {
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  const isForeign = $fault === undefined ? $response !== undefined : UNNAMED.has(name);
  if (!isForeign) return undefined;
  return {
    code: 'AWS_ANSWER',
    message: `what answered${status === undefined ? '' : `, with status ${status},`} is not AWS`,
    remedy: CHECK_ENDPOINT,
  };
}

/** Names that the SDK gives to refusals that have none. */
const UNNAMED = new Set(['Unknown', 'UnknownError', 'Error']);

/** Where AWS answered, for reasons that any call may meet. */
function refused({ name, message, $fault, $metadata, $retryable }: AwsFault): Explanation | undefined {
  if ($fault === undefined) return undefined;
  if ($metadata?.httpStatusCode === 429 || $retryable?.throttling === true || THROTTLED.test(name)) {
    return {
      code: 'THROTTLED',
      message: 'AWS takes no more calls of this account for the moment',
      remedy: 'run the same command again in a minute',
    };
  }
  if (DENIED.test(name)) {
    return {
      code: 'NO_PERMISSION',
      message: `AWS does not let you do this: ${shortened(message)}`,
      remedy: 'use a role that may',
    };
  }
  return $fault === 'server'
    ? {
        code: 'AWS_FAILED',
        message: `AWS failed: ${name}`,
        remedy: 'run the same command again later; if it stays so, look at the AWS Health Dashboard',
      }
    : {
        code: 'AWS_REFUSED',
        message: `AWS refuses this: ${name}: ${shortened(message)}`,
        remedy: 'mend what it names',
      };
}

const THROTTLED = /^(?:Throttl|TooManyRequests|RequestLimit|ProvisionedThroughput|SlowDown)/;
const DENIED = /^(?:AccessDenied|KMSAccessDenied|UnauthorizedOperation|NotAuthorized)/;

/** Characters of what AWS says that stand in a message. */
const LONGEST_WORDS = 300;

const shortened = (text: string) =>
  text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS)}…` : text || 'without a reason';

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
  'TokenProviderError',
  'UnrecognizedClientException',
]);
