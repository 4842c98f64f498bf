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
