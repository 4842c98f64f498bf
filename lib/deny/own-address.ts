import { isIP } from 'node:net';

/** Answers the address it is asked from, as text. */
const SERVICE = 'https://checkip.amazonaws.com/';
const TIME_LIMIT_MILLIS = 3_000;

/** Public address of this machine; undefined if it cannot be told. */
export async function ownAddress(service = SERVICE): Promise<string | undefined> {
  try {
    const answer = await fetch(service, {
      signal: AbortSignal.timeout(TIME_LIMIT_MILLIS),
      redirect: 'error',
    });
    const address = (await answer.text()).trim();

    return answer.ok && isIP(address) !== 0 ? address : undefined;
  } catch {
    return undefined;
  }
}
