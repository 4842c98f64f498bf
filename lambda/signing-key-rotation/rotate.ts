import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import {
  CHECK_ROTATION,
  PUBLISH_AGAIN,
  parseSigningKeys,
  publicKeySet,
  type SigningKey,
  type SigningKeys,
} from '../../lib/protocol/signing-keys';
import { type AwsCall, AwsCallError } from '../shared/aws-call';
import { requireRotation } from './require-rotation';

/** As Secrets Manager calls a rotation function, once for each step. */
export interface RotationEvent extends UpkeepEvent {
  readonly ClientRequestToken: string;
}

/**
 * As it is called by a schedule, to see that Secrets Manager does call it, and after CloudFormation wrote the template's
 * empty set over the public keys.
 */
export interface UpkeepEvent {
  readonly Step: string;
  readonly SecretId: string;
}

export interface RotationDependencies {
  readonly secrets: AwsCall;
  readonly parameters: AwsCall;
  /** Name of the parameter with the public halves. */
  readonly parameter: string;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * One step of a rotation. Each can be repeated, and wherever it ends, every key that signs is published: the keys
 * to come are written to the parameter before they are made current.
 */
export async function rotate(
  event: RotationEvent | UpkeepEvent,
  dependencies: RotationDependencies,
): Promise<void> {
  const { Step: step } = event;
  if (step === PUBLISH_AGAIN) return publishAgain(event, dependencies);
  if (step === CHECK_ROTATION) {
    return requireRotation(event.SecretId, dependencies.secrets, dependencies.now() / 1000);
  }
  if (!('ClientRequestToken' in event))
    throw new Error(`a rotation without a token: ${JSON.stringify(step)}`);
  if (step === 'createSecret') return create(event, dependencies);
  if (step === 'setSecret') return publish(event, dependencies);
  if (step === 'testSecret') return test(event, dependencies);
  if (step === 'finishSecret') return finish(event, dependencies);
  throw new Error(`there is no step ${JSON.stringify(step)}`);
}

async function create(event: RotationEvent, { secrets }: RotationDependencies): Promise<void> {
  // a repeated step must not make other keys than those that may be published already
  if (await pendingText(event, secrets)) return;

  const current = await currentKeys(event, secrets);
  await secrets('PutSecretValue', {
    SecretId: event.SecretId,
    ClientRequestToken: event.ClientRequestToken,
    SecretString: JSON.stringify(succeed(current)),
    VersionStages: ['AWSPENDING'],
  });
}

function succeed(keys: SigningKeys | undefined): SigningKeys {
  return keys
    ? { previous: keys.current, current: keys.next, next: newKey() }
    : { current: newKey(), next: newKey() };
}

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  // an id that says nothing of the key but when it was made
  const kid = `${new Date().toISOString().slice(0, 10)}-${x.slice(0, 8)}`;
  return { kty: 'EC', crv: 'P-256', x, y, d, kid };
}

async function publish(event: RotationEvent, dependencies: RotationDependencies): Promise<void> {
  const { secrets } = dependencies;
  const current = await currentKeys(event, secrets);
  const pending = await pendingKeys(event, secrets);
  await write(current ? [pending, current] : [pending], dependencies);
}

/** All that signs or will: those of a rotation under way too, which may have been published already. */
async function publishAgain(event: UpkeepEvent, dependencies: RotationDependencies): Promise<void> {
  const { secrets } = dependencies;
  const pending = parseSigningKeys((await textOf(event, secrets, 'AWSPENDING')) ?? '');
  const current = await currentKeys(event, secrets);
  const known = [pending, current].filter((keys) => keys !== undefined);
  // before the first rotation there is nothing to publish
  if (known.length > 0) await write(known, dependencies);
}

async function write(
  keys: readonly SigningKeys[],
  { parameters, parameter }: RotationDependencies,
): Promise<void> {
  await parameters('PutParameter', { Name: parameter, Value: publicKeySet(keys), Overwrite: true });
}

async function test(event: RotationEvent, dependencies: RotationDependencies): Promise<void> {
  const { secrets, parameters, parameter } = dependencies;
  const { current } = await pendingKeys(event, secrets);
  const answer = (await parameters('GetParameter', { Name: parameter }))['Parameter'] as
    | { readonly Value?: string }
    | undefined;
  const { keys = [] } = JSON.parse(answer?.Value ?? '{}') as { readonly keys?: readonly SigningKey[] };
  const published = keys.find(({ kid }) => kid === current.kid);
  if (!published) throw new Error('the key to come is not published');

  const data = Buffer.from(event.ClientRequestToken);
  const signature = sign('sha256', data, createPrivateKey({ key: { ...current }, format: 'jwk' }));
  const key = createPublicKey({ key: { ...published }, format: 'jwk' });
  if (!verify('sha256', data, key, signature)) throw new Error('the key to come is not the published one');
}

async function finish(event: RotationEvent, { secrets }: RotationDependencies): Promise<void> {
  const { SecretId, ClientRequestToken } = event;
  const { VersionIdsToStages = {} } = (await secrets('DescribeSecret', { SecretId })) as {
    readonly VersionIdsToStages?: Readonly<Record<string, readonly string[]>>;
  };
  const current = Object.keys(VersionIdsToStages).find((id) =>
    VersionIdsToStages[id]?.includes('AWSCURRENT'),
  );
  if (current === ClientRequestToken) return;

  await secrets('UpdateSecretVersionStage', {
    SecretId,
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: ClientRequestToken,
    ...(current && { RemoveFromVersionId: current }),
  });
}

async function currentKeys({ SecretId }: UpkeepEvent, secrets: AwsCall): Promise<SigningKeys | undefined> {
  const { SecretString } = await secrets('GetSecretValue', { SecretId, VersionStage: 'AWSCURRENT' });
  return parseSigningKeys(String(SecretString));
}

async function pendingKeys(event: RotationEvent, secrets: AwsCall): Promise<SigningKeys> {
  const keys = parseSigningKeys((await pendingText(event, secrets)) ?? '');
  if (!keys) throw new Error('there are no keys to come');
  return keys;
}

function pendingText(event: RotationEvent, secrets: AwsCall): Promise<string | undefined> {
  return textOf(event, secrets, 'AWSPENDING', event.ClientRequestToken);
}

async function textOf(
  { SecretId }: UpkeepEvent,
  secrets: AwsCall,
  VersionStage: string,
  VersionId?: string,
): Promise<string | undefined> {
  try {
    const { SecretString } = await secrets('GetSecretValue', { SecretId, VersionId, VersionStage });
    return typeof SecretString === 'string' ? SecretString : undefined;
  } catch (error) {
    if (error instanceof AwsCallError && error.type === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
