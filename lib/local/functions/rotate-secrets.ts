import { randomUUID } from 'node:crypto';
import { textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import type { LocalFunction } from './local-function';

/** A secret of the template, and the function that rotates it. */
export interface Rotation {
  readonly secretArn: string;
  readonly functionArn: string;
}

export function readRotations(resolver: TemplateResolver): readonly Rotation[] {
  return resolver.idsOf('AWS::SecretsManager::RotationSchedule').flatMap((id) => {
    const { SecretId, RotationLambdaARN, RotateImmediatelyOnUpdate } = resolver.properties(id);
    const [secretArn, functionArn] = [textOf(SecretId), textOf(RotationLambdaARN)];
    if (!secretArn || !functionArn || RotateImmediatelyOnUpdate === false) return [];
    return [{ secretArn, functionArn }];
  });
}

/** Rotates each secret once, as the service does when the schedule is made (aws-facts 13.13). */
export async function rotateSecrets(
  rotations: readonly Rotation[],
  functions: ReadonlyMap<string, LocalFunction>,
): Promise<void> {
  for (const { secretArn, functionArn } of rotations) {
    const token = randomUUID();
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
      const event = { Step: step, SecretId: secretArn, ClientRequestToken: token };
      const invocation = await functions.get(functionArn)?.invoke(event);
      // the secret stays as it was; the function's log says why
      if (invocation?.kind !== 'result') break;
    }
  }
}
