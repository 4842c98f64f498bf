import { Duration } from 'aws-cdk-lib';
import type { EdgeApiKeyKind, EdgeBodySize, EdgeOperation, EdgeRestriction } from './edge-operation';
import { type EdgeExemption, InjectionDetection } from './edge-options';
import { ManagedRules } from './managed-rules';
import { Rate, type RateKind } from './rate';
import type { WebAclProps } from './web-acl-props';

type Defaulted =
  | 'rates'
  | 'managedRules'
  | 'bodySizes'
  | 'loginOperations'
  | 'apiKeys'
  | 'pathPrefixes'
  | 'credentialHeaders';

/** The props of a web ACL with every default in place. */
export interface WebAclSettings extends Omit<WebAclProps, Defaulted> {
  readonly pathPrefixes: readonly string[];
  readonly credentialHeaders: readonly string[];
  readonly networksByName: ReadonlyMap<string, readonly string[]>;
  readonly exempt: EdgeExemption[];
  readonly injection: InjectionDetection;
  /** At most one of each kind, but for rates on paths. */
  readonly rates: readonly Rate[];
  /** At most one of each group. */
  readonly managedRules: readonly ManagedRules[];
  readonly bodySizes: readonly EdgeBodySize[];
  readonly uninspected: EdgeOperation[];
  readonly loginOperations: readonly EdgeOperation[];
  readonly apiKeys: readonly EdgeApiKeyKind[];
  readonly credentialBodies: EdgeOperation[];
  readonly restrictions: EdgeRestriction[];
}

const DEFAULT_RATES: readonly Rate[] = [
  Rate.perAddress(2_000),
  Rate.perCredential(3_000),
  Rate.withoutCredential(500),
  Rate.login(20),
  Rate.ceiling(300_000, Duration.minutes(5)),
];

/** Fills in what the user left out. */
export function webAclSettings(props: WebAclProps): WebAclSettings {
  const { injection = InjectionDetection.MANAGED, stage } = props;

  return {
    ...props,
    injection,
    pathPrefixes: props.pathPrefixes ?? (stage ? [`/${stage.stageRef.stageName}`] : []),
    credentialHeaders: (props.credentialHeaders ?? ['authorization', 'x-api-key']).map((name) =>
      name.toLowerCase(),
    ),
    networksByName: new Map(Object.entries(props.networks ?? {})),
    exempt: props.exempt ?? [],
    rates: ratesOf(props.rates ?? []),
    managedRules: managedRulesOf(props.managedRules ?? [], injection),
    bodySizes: props.bodySizes ?? [],
    uninspected: props.uninspected ?? [],
    loginOperations: props.loginOperations ?? [],
    apiKeys: props.apiKeys ?? [],
    credentialBodies: props.credentialBodies ?? [],
    restrictions: props.restrictions ?? [],
  };
}

function ratesOf(given: readonly Rate[]): Rate[] {
  const kinds = new Set(given.map(({ kind }) => kind));

  return [...DEFAULT_RATES.filter(({ kind }) => !kinds.has(kind)), ...given];
}

function managedRulesOf(given: readonly ManagedRules[], injection: InjectionDetection): ManagedRules[] {
  const defaults = [ManagedRules.ipReputation(), ManagedRules.knownBadInputs(), ManagedRules.common()];
  if (injection === InjectionDetection.MANAGED) defaults.push(ManagedRules.sqlInjection());
  const named = new Set(given.map(({ rule }) => rule));

  return [...defaults.filter(({ rule }) => !named.has(rule)), ...given];
}

/** The rate of a kind of which there is one only. */
export function rateOf({ rates }: WebAclSettings, kind: RateKind): Rate {
  const found = rates.find((rate) => rate.kind === kind);
  if (!found) throw new Error(`no rate of kind ${kind}`);

  return found;
}
