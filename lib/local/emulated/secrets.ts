import { randomBytes, randomUUID } from 'node:crypto';
import { isObject, type Json, listOf, numberOf, objectOf, textOf } from '../template/read';
import type { TemplateResolver } from '../template/resolver';
import { ServiceError } from './service-error';

interface Version {
  readonly id: string;
  readonly value: string;
  readonly stages: Set<string>;
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly versions: Version[];
}

/** The secrets of the template, with versions and their stages as rotation functions move them. */
export class Secrets {
  private readonly secrets: Secret[];

  constructor(resolver: TemplateResolver) {
    this.secrets = resolver.idsOf('AWS::SecretsManager::Secret').map((id) => {
      const properties = resolver.properties(id);
      const arn = String(resolver.reference(id));
      const value = textOf(properties['SecretString']) ?? generated(properties['GenerateSecretString']);
      return {
        arn,
        name: textOf(properties['Name']) ?? arn.slice(arn.indexOf(':secret:') + 8, -7),
        versions: [{ id: randomUUID(), value, stages: new Set(['AWSCURRENT']) }],
      };
    });
  }

  public answer(operation: string, input: Json): Json {
    const secret = this.find(textOf(input['SecretId']) ?? '');
    const { arn: ARN, name: Name, versions } = secret;
    switch (operation) {
      case 'GetSecretValue': {
        const { id, value, stages } = findVersion(secret, input);
        return { ARN, Name, VersionId: id, SecretString: value, VersionStages: [...stages] };
      }
      case 'DescribeSecret':
        return {
          ARN,
          Name,
          RotationEnabled: true,
          VersionIdsToStages: Object.fromEntries(versions.map(({ id, stages }) => [id, [...stages]])),
        };
      case 'ListSecretVersionIds':
        return {
          ARN,
          Name,
          Versions: versions.map(({ id, stages }) => ({ VersionId: id, VersionStages: [...stages] })),
        };
      case 'PutSecretValue':
        return { ARN, Name, ...put(secret, input) };
      case 'UpdateSecretVersionStage':
        moveStage(secret, input);
        return { ARN, Name };
      default:
        throw new ServiceError('InvalidRequestException', `${operation} is not run here`);
    }
  }

  private find(id: string): Secret {
    const secret = this.secrets.find(
      ({ arn, name }) => id === arn || id === name || arn.startsWith(`${id}-`),
    );
    if (secret) return secret;
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
}

function findVersion({ versions }: Secret, { VersionId, VersionStage = 'AWSCURRENT' }: Json): Version {
  const version = versions.find(({ id, stages }) =>
    typeof VersionId === 'string' ? id === VersionId : stages.has(String(VersionStage)),
  );
  if (version) return version;
  throw new ServiceError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret value for that staging label or version.",
  );
}

function put(secret: Secret, input: Json): Json {
  const id = textOf(input['ClientRequestToken']) ?? randomUUID();
  const stages = listOf(input['VersionStages'] ?? ['AWSCURRENT']).map(String);
  const value = textOf(input['SecretString']) ?? '';
  const existing = secret.versions.find((version) => version.id === id);
  if (existing && existing.value !== value) {
    throw new ServiceError('ResourceExistsException', 'the version has another value already');
  }
  if (!existing) secret.versions.push({ id, value, stages: new Set() });
  for (const stage of stages) assign(secret, stage, id);
  return { VersionId: id, VersionStages: stages };
}

function moveStage(secret: Secret, { VersionStage, MoveToVersionId, RemoveFromVersionId }: Json): void {
  const stage = String(VersionStage);
  const from = secret.versions.find(({ stages }) => stages.has(stage));
  if (from && MoveToVersionId && from.id !== MoveToVersionId && from.id !== RemoveFromVersionId) {
    throw new ServiceError('InvalidParameterException', `${stage} is attached to another version`);
  }
  if (typeof MoveToVersionId === 'string') assign(secret, stage, MoveToVersionId);
  else from?.stages.delete(stage);
}

/** A stage is on one version only; the one that loses AWSCURRENT becomes AWSPREVIOUS. */
function assign({ versions }: Secret, stage: string, id: string): void {
  for (const version of versions) {
    if (!version.stages.delete(stage) || version.id === id || stage !== 'AWSCURRENT') continue;
    for (const other of versions) other.stages.delete('AWSPREVIOUS');
    version.stages.add('AWSPREVIOUS');
  }
  versions.find((version) => version.id === id)?.stages.add(stage);
}

/** As `GenerateSecretString` asks, though from fewer kinds of characters. */
function generated(properties: unknown): string {
  if (!isObject(properties)) return '{}';

  const password = randomBytes(64)
    .toString('hex')
    .slice(0, numberOf(properties['PasswordLength']) ?? 32);
  const key = textOf(properties['GenerateStringKey']);
  const template = textOf(properties['SecretStringTemplate']);
  if (!key || !template) return password;
  return JSON.stringify({ ...objectOf(JSON.parse(template)), [key]: password });
}
