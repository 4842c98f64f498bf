import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Logical ids have 255 characters at most; what makes one unique is its hash. */
const READABLE_CHARACTERS = 160;

/** Where a gateway stands within its stack, whatever the stack and its stage are called. */
export function placeInStack(gateway: Construct): string {
  return gateway.node.path.slice(Stack.of(gateway).node.path.length).replace(/^\//, '');
}

/**
 * Logical id of what belongs to a plan: of the gateway's place and the plan's name, and of nothing else. Neither the
 * order of tiers nor where this library keeps its constructs replaces a plan or a key (aws-cdk#11876).
 */
export function planLogicalId(gateway: Construct, plan: string, kind: string): string {
  const place = placeInStack(gateway);
  const hash = createHash('sha256')
    .update(JSON.stringify([place, plan]))
    .digest('hex')
    .slice(0, 8);
  const readable = `${place}-${plan}`.replace(/[^A-Za-z0-9]/g, '').slice(0, READABLE_CHARACTERS);
  // a logical id begins with a letter
  return `${kind}${readable}${hash.toUpperCase()}`;
}
