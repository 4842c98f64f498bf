import type { ExplainedRule } from '../../definition/explain/explanation';
import { GatewayConfigurationError } from '../../errors';
import {
  AUTHORIZER_CONFIGURATION,
  type AuthorizerConfiguration,
  type SchemeConfiguration,
} from '../../protocol/authorizer-configuration';
import { at, type Resource } from '../model/template';
import type { World } from '../model/world';
import { joinedText } from './joined-text';

/** What the authorizer is told, and by which function it is. */
export interface AuthorizerSettings {
  readonly configuration: AuthorizerConfiguration;
  readonly handler: Resource;
}

/**
 * The configuration of the authorizer of a stack; undefined if there is none.
 *
 * Throws a `GatewayConfigurationError` if it cannot be read.
 */
export function authorizerSettings(world: World, stack: string): AuthorizerSettings | undefined {
  for (const handler of world.ofType('AWS::Lambda::Function').filter((each) => each.stack === stack)) {
    const value = at(handler.properties, 'Environment', 'Variables', AUTHORIZER_CONFIGURATION);
    if (value !== undefined) return { configuration: configurationIn(joinedText(value), handler), handler };
  }
  return undefined;
}

function configurationIn(text: string, { label }: Resource): AuthorizerConfiguration {
  const configuration = parsed(text);
  if (isConfiguration(configuration)) return configuration;
  throw new GatewayConfigurationError([
    {
      code: 'AUTHORIZER_SETTINGS',
      at: `template: ${label}`,
      message: `its ${AUTHORIZER_CONFIGURATION} cannot be read`,
      remedy: 'synthesize with the version of this library that reads it',
    },
  ]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isConfiguration(value: unknown): value is AuthorizerConfiguration {
  return [at(value, 'schemes'), at(value, 'planKeys', 'tiers')].every(
    (part) => typeof part === 'object' && part !== null,
  );
}

/** How credentials of each scheme are verified. */
export function schemeValues({ configuration, handler }: AuthorizerSettings): Record<string, ExplainedRule> {
  return Object.fromEntries(
    Object.entries(configuration.schemes).map(([name, scheme]) => [
      name,
      { rule: `${name}: ${describe(scheme)}`, from: `template: ${handler.label}` },
    ]),
  );
}

/** How long a credential that was revoked may still work. */
export function revocationValues({ configuration, handler }: AuthorizerSettings): ExplainedRule[] {
  const { revokeWithinSeconds } = configuration;
  const rule = `what was revoked works for at most ${revokeWithinSeconds} s more`;
  return [{ rule, from: `template: ${handler.label}` }];
}

/** What an exact limit does when its store does not answer. */
export function limitValues({ configuration: { limits }, handler }: AuthorizerSettings): ExplainedRule[] {
  if (!limits) return [];
  const fate = limits.onStoreFailure === 'allow' ? 'let through' : 'refused';
  return [
    { rule: `${fate} where it cannot be counted (${limits.store.kind})`, from: `template: ${handler.label}` },
  ];
}

function describe(scheme: SchemeConfiguration): string {
  switch (scheme.kind) {
    case 'jwt':
      return [
        `tokens of ${scheme.issuer} for ${scheme.audiences.join(' or ')}`,
        scheme.algorithms.join(' or '),
        `issued for at most ${scheme.maximumLifetimeSeconds} s`,
      ].join(', ');
    case 'apiKey':
      return `keys ${scheme.prefix}_${scheme.environment}_…`;
    case 'introspection':
      return `tokens that ${scheme.endpoint} knows, of ${scheme.issuer} for ${scheme.audiences.join(' or ')}`;
    default:
      return 'certificates the truststore admits';
  }
}
