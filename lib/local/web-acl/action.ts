import { isObject, type Json, objectOf } from '../template/read';

export type ActionKind = 'ALLOW' | 'BLOCK' | 'COUNT' | 'CAPTCHA' | 'CHALLENGE';

/** What a rule does with a request it matches. */
export interface Action {
  readonly kind: ActionKind;
  readonly customResponse?: Json;
}

export const COUNT: Action = { kind: 'COUNT' };

const KINDS: Readonly<Record<string, ActionKind>> = {
  Allow: 'ALLOW',
  Block: 'BLOCK',
  Count: 'COUNT',
  Captcha: 'CAPTCHA',
  Challenge: 'CHALLENGE',
};

/** The action a template gives; one that is none blocks, which is the cautious reading. */
export function actionOf(given: unknown): Action {
  const [[key, settings] = ['Block', {}]] = Object.entries(objectOf(given));
  const customResponse = objectOf(settings)['CustomResponse'];

  return { kind: KINDS[key] ?? 'BLOCK', ...(isObject(customResponse) && { customResponse }) };
}
