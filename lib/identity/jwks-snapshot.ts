import { readFileSync } from 'node:fs';
import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';

/**
 * Keys of an issuer at one moment, written by `secure-api-gateway jwks fetch`.
 *
 * The authorizer starts with them and refreshes them in the background. It refuses them 24 hours after they
 * were fetched if it has not reached the issuer since.
 */
export class JwksSnapshot {
  /**
   * Reads a snapshot from a file.
   *
   * @param path Path of the file, from where the CDK app runs.
   */
  public static fromFile(path: string): JwksSnapshot {
    return new JwksSnapshot(path, readFileSync(path, 'utf8'));
  }

  /** @internal */
  public readonly _text: string;

  private constructor(
    private readonly path: string,
    text: string,
  ) {
    this._text = text;
  }

  /** @internal */
  public _problems(at: string, issuer: string): Problem[] {
    const wrong = this.wrong(issuer);
    if (wrong === undefined) return [];

    return [
      {
        code: 'INVALID_SNAPSHOT',
        at,
        message: `'keys' (${this.path}) ${wrong}`,
        remedy: `write it anew: secure-api-gateway jwks fetch ${issuer} --output ${this.path}`,
      },
    ];
  }

  private wrong(issuer: string): string | undefined {
    const snapshot = parse(this._text);
    if (
      snapshot === undefined ||
      !Array.isArray(snapshot['keys']) ||
      typeof snapshot['fetchedAt'] !== 'number'
    ) {
      return 'is not a snapshot: it needs issuer, fetchedAt and keys';
    }
    if (snapshot['keys'].some(isSecret)) return 'holds a private or symmetric key';
    if (Token.isUnresolved(issuer) || snapshot['issuer'] === issuer) return undefined;
    return `is of another issuer, ${JSON.stringify(snapshot['issuer'])}`;
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const isSecret = (key: unknown) => typeof key === 'object' && key !== null && ('d' in key || 'k' in key);
