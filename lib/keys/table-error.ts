import type { GatewayConfigurationError } from '../errors';
import { type Explanation, explainAws, type Refusals } from './explain-aws';
import { keyError } from './key-error';

/** Why the key table did not do what it was asked to. */
export function explainTable(cause: unknown, name: string): unknown {
  const isOtherSchema = cause instanceof Error && OTHER_SCHEMA.test(cause.message);
  return explainAws(
    cause,
    name,
    isOtherSchema ? { ...OF_TABLE, ValidationException: WRONG_TABLE } : OF_TABLE,
  );
}

/** A table of something else. */
export function wrongTable(name: string): GatewayConfigurationError {
  const { code, message, remedy } = WRONG_TABLE;
  return keyError(code, name, message, remedy);
}

/** As DynamoDB says that a table has other keys or other indexes; it has one name for all it takes to be invalid. */
const OTHER_SCHEMA =
  /key element|key schema|schema type|missing the key|mismatch for (?:index )?key|specified index/i;

const WRONG_TABLE: Explanation = {
  code: 'WRONG_TABLE',
  message: 'this table is not one of API keys',
  remedy: 'name the table of an `ApiKeyStore` by --table, or its stack by --stack',
};

const OF_TABLE: Refusals = {
  AccessDeniedException: {
    code: 'NO_PERMISSION',
    message: 'AWS does not let you do this with the key table',
    remedy: 'use a role that `ApiKeyStore.grantAdministration()` was called for',
  },
  ResourceNotFoundException: {
    code: 'NO_SUCH_TABLE',
    message: 'there is no such table in this account and region',
    remedy: 'check --table or --stack, --region, and the account you are signed in to',
  },
};
