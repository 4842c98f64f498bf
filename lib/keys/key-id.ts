import { KEY_ID, parseApiKey } from '../protocol/api-key';
import { keyError } from './key-error';

/**
 * Throws unless it is a key's id. Whoever has found a leaked key pastes it whole: it must not go on to a log, nor to
 * AWS in a request.
 */
export function checkKeyId(text: string): void {
  if (KEY_ID.test(text)) return;
  const parts = parseApiKey(text);
  throw parts
    ? keyError(
        'KEY_FOR_ID',
        parts.id,
        'this is a key itself, and stands in the history of your shell now',
        `give its id, ${parts.id}, and revoke it`,
      )
    : keyError(
        'NO_SUCH_KEY',
        'keys',
        `an id has 12 letters and digits, this has ${text.length} characters`,
        "give a key's id as `keys list` shows it, not the key itself",
      );
}
