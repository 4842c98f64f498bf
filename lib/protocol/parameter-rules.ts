/**
 * One parameter of an operation, compiled so that the authorizer can judge it without a schema library.
 */
export interface ParameterRule {
  /** As the document has it; headers in lower case. */
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: true;
  readonly value: ValueRule;
}

/** Placeholder shape until every schema keyword is compiled; see compile-parameters. */
export interface ValueRule {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean';
}
