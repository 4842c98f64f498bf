/** What API Gateway makes an answer of. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Dependencies {
  /** The key set's text, if there is one. */
  readonly read: () => Promise<string | undefined>;
  /** Milliseconds. */
  readonly now: () => number;
}

/** How long an instance remembers the key set. A key is published a whole rotation before it signs. */
const REMEMBERED_MILLIS = 60_000;

const HYGIENE = {
  'X-Content-Type-Options': 'nosniff',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
};

/** Answers every request with the public keys; the last known ones where they cannot be read. */
export function createHandler({ read, now }: Dependencies): () => Promise<Answer> {
  let known: { readonly text: string; readonly until: number } | undefined;

  return async () => {
    if (!known || now() >= known.until) {
      const text = await read().catch(() => undefined);
      if (text && isKeySet(text)) known = { text, until: now() + REMEMBERED_MILLIS };
    }
    if (!known) return unavailable();

    return {
      statusCode: 200,
      headers: {
        ...HYGIENE,
        'Content-Type': 'application/jwk-set+json',
        'Cache-Control': 'public, max-age=300',
      },
      body: known.text,
    };
  };
}

/** An empty set would be taken for the truth, and remembered. */
function isKeySet(text: string): boolean {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) && keys.length > 0;
  } catch {
    return false;
  }
}

function unavailable(): Answer {
  return {
    statusCode: 503,
    headers: { ...HYGIENE, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
    body: JSON.stringify({
      type: 'urn:secure-api-gateway:problem:no-keys-yet',
      title: 'There are no keys yet',
      status: 503,
      code: 'NO_KEYS_YET',
    }),
  };
}
