import type { Step } from './exchange';
import { headerBytes } from './header-list';

/** Longest request body API Gateway takes (aws-facts 5.2). */
export const MAXIMUM_BODY_BYTES = 10 * 1024 * 1024;

const MAXIMUM_HEADER_BYTES = 10_240;
const MAXIMUM_URL_CHARACTERS = 10_240;

/** Sizes that API Gateway refuses before it looks at anything else. */
export function checkLimits(): Step {
  return {
    stage: 'gateway',
    run({ request }) {
      const { path, rawQuery, headers, tooLarge } = request;
      if (path.length + rawQuery.length > MAXIMUM_URL_CHARACTERS) {
        return refuse('REQUEST_URI_TOO_LONG', 'Request-URI Too Long', 'url length');
      }
      if (headerBytes(headers) > MAXIMUM_HEADER_BYTES) {
        return refuse('REQUEST_HEADERS_TOO_LARGE', 'Request Header Fields Too Large', 'header size');
      }
      return tooLarge ? refuse('REQUEST_TOO_LARGE', 'Request Too Long', 'body size') : undefined;
    },
  };
}

function refuse(responseType: string, message: string, rule: string) {
  return { kind: 'refusal', responseType, message, stage: 'gateway', rule } as const;
}
