import { createHandler as createCertificateExpiry } from '../../lambda/certificate-expiry/handler';
import { createHandler as createKeyExpiry } from '../../lambda/key-expiry/handler';
import { createHandler as createSensitiveUse } from '../../lambda/sensitive-use/handler';
import { type AwsCall, type AwsService, awsCaller } from '../../lambda/shared/aws-call';
import { DYNAMODB } from '../../lambda/shared/dynamodb';
import { type RotationEvent, rotate, type UpkeepEvent } from '../../lambda/signing-key-rotation/rotate';
import type { StoredFeed } from '../../lambda/threat-feed/feed-store';
import { createHandler as createThreatFeed } from '../../lambda/threat-feed/handler';
import { logLine } from '../../lambda/threat-feed/log';
import type { ExpiryConfiguration } from '../../lib/protocol/certificate-expiry';
import type { DeniedNetwork, ExpireRequest, ThreatFeedResources } from '../../lib/protocol/threat-feed';
import type { KeyExpiryConfiguration, SensitiveUseConfiguration } from '../../lib/protocol/watches';
import { type DataPoint, embeddedPoints } from './data-points';
import type { WatchedGateway } from './watched-gateway';

const DAY_MILLIS = 86_400_000;
const LOGS: AwsService = {
  name: 'logs',
  variable: 'CLOUDWATCH_LOGS',
  target: 'Logs_20140328',
  contentType: 'application/x-amz-json-1.1',
};

/** Runs what a schedule runs in a deployment, as it is configured there, and tells what CloudWatch would hear of it. */
export class ScheduledFunctions {
  /** What the functions wrote. */
  public readonly lines: string[] = [];
  /** When API Gateway's client certificates end; undefined where it does not say. */
  public clientCertificateEnds: number | undefined;
  /** What the feed answers. */
  public feed: () => Promise<string> = async () => '192.88.98.0/24';

  /** Whether the schedule of the feeds' function is there. */
  public feedsRun = true;

  private readonly feeds = new Map<string, StoredFeed>();

  constructor(
    private readonly watched: Pick<WatchedGateway, 'resolver'> & Partial<Pick<WatchedGateway, 'gateway'>>,
    private readonly now: () => number,
  ) {
    this.clientCertificateEnds = now() + 300 * DAY_MILLIS;
  }

  public lookForKeys(): Promise<DataPoint[]> {
    const { now } = this;
    const dynamodb = this.caller(DYNAMODB);
    return this.run('KeyExpiryHandler', (configuration: KeyExpiryConfiguration, write) =>
      createKeyExpiry({ configuration, dynamodb, now, write })(),
    );
  }

  public lookForNewcomers(operations: readonly string[]): Promise<DataPoint[]> {
    const { now } = this;
    const logs = this.caller(LOGS);
    const wait = async () => undefined;
    return this.run('SensitiveUseHandler', (configuration: SensitiveUseConfiguration, write) =>
      createSensitiveUse({ configuration, operations, logs, wait, now, write })(),
    );
  }

  public lookForCertificates(): Promise<DataPoint[]> {
    const { now } = this;
    return this.run('GatewayExpiryHandler', (configuration: ExpiryConfiguration, write) =>
      createCertificateExpiry({
        configuration,
        endOf: async (id) => {
          if (this.clientCertificateEnds === undefined) throw new Error(`no client certificate ${id}`);
          return this.clientCertificateEnds;
        },
        read: async () => '',
        now,
        write,
      })(),
    );
  }

  public async refreshFeeds(): Promise<DataPoint[]> {
    return this.feedsRun ? this.keepLists({}) : [];
  }

  /** As each ten minutes; the table says who is denied, or does not. */
  public endDenials(denied: () => Promise<DeniedNetwork[]>): Promise<DataPoint[]> {
    const event: ExpireRequest = { action: 'expire' };
    return this.keepLists(event, denied);
  }

  private keepLists(
    event: object,
    denied: () => Promise<DeniedNetwork[]> = async () => [],
  ): Promise<DataPoint[]> {
    return this.run('ThreatFeedsHandler', ({ feeds, attackers }: ThreatFeedResources, write, functionName) =>
      createThreatFeed({
        configuration: {
          feeds: [{ name: 'own', url: 'https://feeds.example.com/own.txt', format: { kind: 'lines' } }],
          exempt: [],
        },
        resources: { feeds, attackers },
        fetchFeed: () => this.feed(),
        store: {
          feed: async (name) => this.feeds.get(name),
          saveFeed: async (name, feed) => {
            this.feeds.set(name, feed);
          },
          denied,
          deny: async () => undefined,
          forgive: async () => undefined,
          audit: async () => undefined,
        },
        writeSet: async (_, wanted) => {
          await wanted([]);
          return true;
        },
        log: (line) => write(logLine(line)),
        functionName,
        now: () => Math.floor(this.now() / 1000),
      })(event),
    );
  }

  /** One step, before a Secrets Manager that answers so. */
  public rotateSigningKey(secrets: AwsCall): Promise<DataPoint[]> {
    return this.runRotation(
      { Step: 'createSecret', SecretId: 'signing', ClientRequestToken: 'next' },
      secrets,
    );
  }

  /** What the schedule of the template asks, before a Secrets Manager that answers so. */
  public lookAtSigningKey(secrets: AwsCall): Promise<DataPoint[]> {
    const { resolver } = this.watched;
    const [input = ''] = resolver
      .idsOf('AWS::Events::Rule')
      .filter((id) => id.includes('SigningKeyCheck'))
      .flatMap((id) => resolver.properties(id)['Targets'] as { readonly Input: string }[])
      .map(({ Input }) => Input);
    return this.runRotation(JSON.parse(input), secrets);
  }

  private runRotation(event: RotationEvent | UpkeepEvent, secrets: AwsCall): Promise<DataPoint[]> {
    const { now } = this;
    const parameters = async () => ({});
    return this.runOn('SigningKeyRotation', (parameter) =>
      rotate(event, { secrets, parameters, parameter, now }),
    );
  }

  private run<T>(
    part: string,
    handle: (configuration: T, write: (line: string) => void, functionName: string) => Promise<unknown>,
  ): Promise<DataPoint[]> {
    return this.runOn(part, (text, write, functionName) => handle(JSON.parse(text), write, functionName));
  }

  /** Lambda counts the errors of each run, none too. */
  private async runOn(
    part: string,
    handle: (text: string, write: (line: string) => void, functionName: string) => Promise<unknown>,
  ): Promise<DataPoint[]> {
    const { resolver } = this.watched;
    const found = resolver.idsOf('AWS::Lambda::Function').filter((one) => one.includes(part));
    expect(found).toHaveLength(1);
    const [id = ''] = found;
    const { Environment } = resolver.properties(id) as { Environment: { Variables: Record<string, string> } };
    const [configuration = ''] = Object.values(Environment.Variables);
    const written: string[] = [];
    const functionName = String(resolver.reference(id));
    const failed = await handle(String(configuration), (line) => written.push(line), functionName).then(
      () => 0,
      () => 1,
    );
    this.lines.push(...written);
    return [
      ...written.flatMap(embeddedPoints),
      { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: functionName }, value: failed },
    ];
  }

  private caller(service: AwsService) {
    return awsCaller(service, {
      ...this.watched.gateway?.endpoints.environment,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  }
}
