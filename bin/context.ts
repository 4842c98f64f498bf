import type { App } from 'aws-cdk-lib';
import { suggestion } from '../lib/definition/suggestion';
import { GatewayConfigurationError, type Problem } from '../lib/errors';

interface Key {
  readonly describes: string;
  readonly default?: string;
}

/** Every context key of the app. A test compares the README's table with this one. */
export const CONTEXT_KEYS = {
  stackName: { default: 'Orders', describes: 'name of the stack' },
  issuer: { default: 'https://id.example.com/', describes: 'OpenID provider whose tokens are accepted' },
  audience: { default: 'orders', describes: 'audience that tokens must name' },
  serverName: {
    default: 'orders.internal.example.com',
    describes: "name in the certificate of the service's load balancer",
  },
  certificateArn: { describes: "certificate of the sample's load balancer; needed to deploy the sample" },
  rate: { default: '1000', describes: 'requests per second that all callers together may send' },
  burst: { default: '500', describes: 'requests that all callers together may send at once' },
  revokeWithin: { default: '30', describes: 'seconds that a revoked API key may still work' },
  definition: { describes: 'path of your own OpenAPI document, instead of the sample' },
  jwtScheme: { describes: "that document's security scheme for tokens of the issuer, if it has one" },
  apiKeyScheme: { describes: "that document's security scheme for API keys, if it has one" },
  backend: { default: 'service', describes: 'name that document gives the backend, if it gives one' },
  loadBalancerArn: { describes: 'the internal load balancer of your service' },
  loadBalancerSecurityGroupId: { describes: 'its security group' },
  vpcId: { describes: 'its VPC' },
  availabilityZones: { describes: 'two zones of that VPC or more, with commas' },
  privateSubnetIds: { describes: 'a private subnet in each of these zones, with commas' },
} as const satisfies Readonly<Record<string, Key>>;

export type ContextKey = keyof typeof CONTEXT_KEYS;

/** The app's configuration, read from CDK context. */
export class Context {
  private readonly problems: Problem[];

  constructor(private readonly app: App) {
    this.problems = unknownKeys(Object.keys(app.node.getAllContext()));
  }

  /** The value of a key, its default, or the empty string. */
  public text(key: ContextKey): string {
    const { default: fallback = '' }: Key = CONTEXT_KEYS[key];
    return String(this.app.node.tryGetContext(key) ?? fallback);
  }

  public list(key: ContextKey): string[] {
    return this.text(key)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  /** The least where the text is no such number, which is a problem. */
  public count(key: ContextKey, least = 1): number {
    const text = this.text(key);
    if (/^(0|[1-9][0-9]*)$/.test(text) && Number(text) >= least) return Number(text);

    this.problem(key, `is ${JSON.stringify(text)}`, `write a whole number of at least ${least}`);
    return least;
  }

  /** Notes that `others` must be given if `key` is. */
  public demand(key: ContextKey, ...others: readonly ContextKey[]): void {
    for (const other of others.filter((name) => this.text(name) === '')) {
      this.problem(
        other,
        `is missing beside '${key}'`,
        `add -c ${other}=… (${CONTEXT_KEYS[other].describes})`,
      );
    }
  }

  /** Throws all problems found so far. */
  public check(): void {
    if (this.problems.length > 0) throw new GatewayConfigurationError(this.problems);
  }

  private problem(key: ContextKey, message: string, remedy: string): void {
    this.problems.push({ code: 'INVALID_CONTEXT', at: `context ${key}`, message, remedy });
  }
}

/** Keys of one plain word that nobody reads; CDK's own contain other characters. */
function unknownKeys(given: readonly string[]): Problem[] {
  const known = Object.keys(CONTEXT_KEYS);
  return given
    .filter((key) => /^[A-Za-z]+$/.test(key) && !known.includes(key))
    .map((key) => ({
      code: 'UNKNOWN_CONTEXT',
      at: `context ${key}`,
      message: `is not read by this app${suggestion(key, known)}`,
      remedy: `use one of ${known.join(', ')}`,
    }));
}
