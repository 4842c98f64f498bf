import type { HeaderList } from '../pipeline/header-list';
import { type Json, listOf, numberOf, objectOf, textOf } from '../template/read';
import type { Action } from './action';

/** A response the web ACL gives itself. */
export interface OwnResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  APPLICATION_JSON: 'application/json',
  TEXT_HTML: 'text/html',
  TEXT_PLAIN: 'text/plain',
};

/**
 * What the caller gets in place of an answer; undefined where API Gateway words the 403.
 *
 * Programs do not solve puzzles, so captcha and challenge are answered as for a request without a token.
 */
export function responseOf(action: Action, bodies: Json): OwnResponse | undefined {
  if (action.kind === 'CAPTCHA')
    return { status: 405, headers: [['x-amzn-waf-action', 'captcha']], body: '' };
  if (action.kind === 'CHALLENGE')
    return { status: 202, headers: [['x-amzn-waf-action', 'challenge']], body: '' };
  if (!action.customResponse) return undefined;

  const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } = action.customResponse;
  const body = objectOf(bodies[textOf(CustomResponseBodyKey) ?? '']);
  const type = CONTENT_TYPES[textOf(body['ContentType']) ?? ''];
  const headers = listOf(ResponseHeaders)
    .map(objectOf)
    .map(({ Name, Value }) => [textOf(Name) ?? '', textOf(Value) ?? ''] as const);

  return {
    status: numberOf(ResponseCode) ?? 403,
    headers: [...(type ? [['Content-Type', type] as const] : []), ...headers],
    body: textOf(body['Content']) ?? '',
  };
}
