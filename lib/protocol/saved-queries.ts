import { shortened } from './shortened';

/** Questions that the command line asks too: end of a saved query's name, and what in it stands for the subject. */
export const KEY_QUERY = { question: 'what a key did', placeholder: 'KEY_ID' } as const;
export const TENANT_QUERY = { question: 'what a tenant did', placeholder: 'TENANT' } as const;

/** A name has 255 characters, a stack's 128 of them, a question some 45. */
const LONGEST_GATEWAY = 80;

/** A saved query's name: its gateway's stack, the gateway in it, and the question. */
export function savedQueryName(stackName: string, gateway: string, question: string): string {
  return [stackName, shortened(gateway, LONGEST_GATEWAY), question].filter((part) => part !== '').join('/');
}
