import { Token } from 'aws-cdk-lib';
import type { Problem } from '../errors';
import { API_KEY_LABEL } from '../protocol/api-key';

/** Prefix and environment of keys that are not what a key may begin with. */
export function labelProblems(at: string, labels: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(labels)
    .filter(([, label]) => !Token.isUnresolved(label) && !API_KEY_LABEL.test(label))
    .map(([name, label]) => ({
      code: 'INVALID_KEY_LABEL',
      at,
      message: `'${name}' of the key store is ${JSON.stringify(label)}`,
      remedy: 'use a lower-case letter followed by up to 15 lower-case letters or digits',
    }));
}

/** Of keys that are made here: the description of a stack's output names them, and takes no value of the deployment. */
export function unknownLabels(at: string, labels: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(labels)
    .filter(([, label]) => Token.isUnresolved(label))
    .map(([name]) => ({
      code: 'INVALID_KEY_LABEL',
      at,
      message: `'${name}' of the key store is known at deployment only`,
      remedy: 'write it out: scanners and the command line know keys by it',
    }));
}
