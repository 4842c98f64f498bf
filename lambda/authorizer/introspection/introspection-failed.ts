import { CREDENTIAL_METRICS } from '../../../lib/protocol/metrics';

/** The issuer did not say what it knows of a token. Reads like what hindered it. */
export class IntrospectionFailed extends Error {
  public readonly counts = { [CREDENTIAL_METRICS.introspectionFailed]: 1 };

  constructor(cause: unknown) {
    const { name, message } = cause instanceof Error ? cause : new Error('unknown error');
    // a parser quotes what it could not read, and that may be an answer with a secret in it
    super(cause instanceof SyntaxError ? 'its answer could not be read' : message);
    this.name = name;
  }
}
