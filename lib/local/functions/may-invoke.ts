import type { ApiModel } from '../model/api';
import { matches } from '../pipeline/evaluate-policy';
import type { LocalFunction } from './local-function';

/** Whether the function permits invocations from this place of the API, for example `authorizers/…`. */
export function mayInvoke(
  { region, account, id }: ApiModel,
  place: string,
  { model }: LocalFunction,
): boolean {
  const source = `arn:aws:execute-api:${region}:${account}:${id}/${place}`;
  return model.permittedSources.some((pattern) => matches(pattern, source));
}
