import { problemType, REFUSALS } from '../protocol/refusals';

/** Refusals the web ACL words itself; all others are 403 and worded by API Gateway's WAF_FILTERED response. */
export type OwnRefusal =
  | 'CONTRACT_VIOLATION'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'RATE_LIMITED';

export interface OwnResponse {
  readonly refusal: OwnRefusal;
  readonly retryAfterSeconds?: number;
}

/** What a refusal says beside its code, as the authorizer would say it. */
const DETAILS: Readonly<Partial<Record<OwnRefusal, string>>> = {
  CONTRACT_VIOLATION: 'body: MISPLACED_CREDENTIAL',
};

/** Problem documents by their key. WAF knows `application/json` only, and no request id. */
export function responseBodies(used: readonly OwnRefusal[]) {
  const bodies = [...new Set(used)].map((code) => {
    const { status, title } = refusalOf(code);
    const content = JSON.stringify({ type: problemType(code), title, status, code, detail: DETAILS[code] });
    return [code, { contentType: 'APPLICATION_JSON', content }] as const;
  });

  return bodies.length === 0 ? undefined : Object.fromEntries(bodies);
}

/** Answers with the refusal's problem document. */
export function blockedResponse({ refusal, retryAfterSeconds }: OwnResponse) {
  return {
    responseCode: refusalOf(refusal).status,
    customResponseBodyKey: refusal,
    responseHeaders:
      retryAfterSeconds === undefined
        ? undefined
        : [{ name: 'Retry-After', value: String(retryAfterSeconds) }],
  };
}

function refusalOf(code: OwnRefusal) {
  const found = REFUSALS.find((refusal) => refusal.code === code);
  if (!found) throw new Error(`no refusal ${code}`);

  return found;
}
