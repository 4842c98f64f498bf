import { LATEST_ROTATION_DAYS } from '../../lib/protocol/signing-keys';
import type { AwsCall } from '../shared/aws-call';

const DAY_SECONDS = 86_400;

/**
 * Throws unless the secret is rotated as it should be. A rotation that is never begun fails nowhere: Secrets Manager
 * was told to stop, or does not get to the function.
 */
export async function requireRotation(secretId: string, secrets: AwsCall, nowSeconds: number): Promise<void> {
  const { RotationEnabled, LastRotatedDate } = await secrets('DescribeSecret', { SecretId: secretId });
  if (RotationEnabled !== true) throw new Error('the rotation of the secret is off');

  const days = (nowSeconds - Number(LastRotatedDate)) / DAY_SECONDS;
  // neither is a date that is not there
  if (!(days < LATEST_ROTATION_DAYS)) {
    throw new Error(
      `the secret was last rotated ${Number.isNaN(days) ? 'nobody knows when' : `${Math.floor(days)} days ago`}`,
    );
  }
}
