import { EdgeRule } from './edge-rule';
import { MANAGED_GROUPS } from './managed-group';
import type { RuleContext, RuleDraft } from './rule-draft';
import { asns } from './rules/asns';
import { nosqlOperators, ownCrossSiteScripting, ownSqlInjection, traversal } from './rules/attacks';
import { bodySize, contentEncoding, mediaType, xmlEntities } from './rules/body';
import { bodyCredentials } from './rules/body-credentials';
import { countries } from './rules/countries';
import { deny } from './rules/deny';
import { exempt } from './rules/exempt';
import { methodOverride, noUserAgent, reservedHeaders } from './rules/headers';
import { managed } from './rules/managed';
import { onlyFrom } from './rules/only-from';
import { operationOnlyFrom } from './rules/operation-only-from';
import {
  rateCeiling,
  rateLogin,
  ratePath,
  ratePerAddress,
  ratePerCredential,
  rateWithoutCredential,
} from './rules/rates';
import { attackers, threatFeeds } from './rules/threat-feeds';

/** One kind of rule. */
export interface RuleKind {
  readonly rule: EdgeRule;
  /** CloudWatch metric; numbered kinds add their suffix. */
  readonly metric: string;
  /** What a refused caller is told; `none` refuses nobody. */
  readonly answer: 400 | 403 | 413 | 415 | 429 | 'none';
  /** Whether `exempt` may name it. */
  readonly exemptible: boolean;
  /** Whether AWS charges beyond the rule itself. */
  readonly paid: boolean;
  /** The rules of this kind; none where nothing asks for them. */
  readonly define: (context: RuleContext) => RuleDraft[];
}

/**
 * Every kind of rule, in the order of evaluation: who calls, how often, and only then what is sent, so that the
 * cheap refusals come first and a flood never reaches the paid groups.
 */
export const RULES: readonly RuleKind[] = [
  kind(EdgeRule.EXEMPT, 'Exempt', 'none', exempt, 'always'),
  kind(EdgeRule.DENY, 'Deny', 403, deny),
  kind(EdgeRule.ATTACKERS, 'Attackers', 403, attackers),
  kind(EdgeRule.THREAT_FEEDS, 'ThreatFeeds', 403, threatFeeds),
  kind(EdgeRule.ONLY_FROM, 'OnlyFrom', 403, onlyFrom),
  kind(EdgeRule.OPERATION_ONLY_FROM, 'OperationOnlyFrom', 403, operationOnlyFrom),
  kind(EdgeRule.COUNTRIES, 'Countries', 403, countries),
  kind(EdgeRule.ASNS, 'Asns', 403, asns),
  kind(EdgeRule.IP_REPUTATION, 'IpReputation', 403, managed(EdgeRule.IP_REPUTATION)),
  kind(EdgeRule.ANONYMOUS_ADDRESSES, 'AnonymousAddresses', 403, managed(EdgeRule.ANONYMOUS_ADDRESSES)),
  kind(EdgeRule.RATE_PER_ADDRESS, 'RatePerAddress', 429, ratePerAddress, 'always'),
  kind(EdgeRule.RATE_PER_CREDENTIAL, 'RatePerCredential', 429, ratePerCredential),
  kind(EdgeRule.RATE_WITHOUT_CREDENTIAL, 'RateWithoutCredential', 429, rateWithoutCredential),
  kind(EdgeRule.RATE_LOGIN, 'RateLogin', 429, rateLogin),
  kind(EdgeRule.RATE_PATH, 'RatePath', 429, ratePath),
  kind(EdgeRule.RATE_CEILING, 'RateCeiling', 429, rateCeiling, 'always'),
  kind(EdgeRule.RESERVED_HEADERS, 'ReservedHeaders', 403, reservedHeaders, 'always'),
  kind(EdgeRule.METHOD_OVERRIDE, 'MethodOverride', 403, methodOverride),
  kind(EdgeRule.CONTENT_ENCODING, 'ContentEncoding', 415, contentEncoding),
  kind(EdgeRule.MEDIA_TYPE, 'MediaType', 415, mediaType),
  kind(EdgeRule.BODY_SIZE, 'BodySize', 413, bodySize),
  kind(EdgeRule.XML_ENTITIES, 'XmlEntities', 403, xmlEntities),
  kind(EdgeRule.BODY_CREDENTIALS, 'BodyCredentials', 400, bodyCredentials),
  kind(EdgeRule.TRAVERSAL, 'Traversal', 403, traversal),
  kind(EdgeRule.NOSQL_OPERATORS, 'NosqlOperators', 403, nosqlOperators),
  kind(EdgeRule.OWN_SQL_INJECTION, 'OwnSqlInjection', 403, ownSqlInjection),
  kind(EdgeRule.OWN_CROSS_SITE_SCRIPTING, 'OwnCrossSiteScripting', 403, ownCrossSiteScripting),
  kind(EdgeRule.SQL_INJECTION, 'SqlInjection', 403, managed(EdgeRule.SQL_INJECTION)),
  kind(EdgeRule.KNOWN_BAD_INPUTS, 'KnownBadInputs', 403, managed(EdgeRule.KNOWN_BAD_INPUTS)),
  kind(EdgeRule.COMMON, 'Common', 403, managed(EdgeRule.COMMON)),
  kind(EdgeRule.LINUX, 'Linux', 403, managed(EdgeRule.LINUX)),
  kind(EdgeRule.ANTI_DDOS, 'AntiDdos', 403, managed(EdgeRule.ANTI_DDOS), 'exemptible', 'paid'),
  kind(EdgeRule.BOT_CONTROL, 'BotControl', 403, managed(EdgeRule.BOT_CONTROL), 'exemptible', 'paid'),
  kind(
    EdgeRule.ACCOUNT_TAKEOVER,
    'AccountTakeover',
    403,
    managed(EdgeRule.ACCOUNT_TAKEOVER),
    'exemptible',
    'paid',
  ),
  kind(EdgeRule.NO_USER_AGENT, 'NoUserAgent', 'none', noUserAgent),
];

/** The kinds that are this library's own, which a rule group can hold. */
export const OWN_RULES: readonly RuleKind[] = RULES.filter(({ rule }) => !(rule in MANAGED_GROUPS));

function kind(
  rule: EdgeRule,
  metric: string,
  answer: RuleKind['answer'],
  define: RuleKind['define'],
  reach: 'exemptible' | 'always' = 'exemptible',
  cost: 'free' | 'paid' = 'free',
): RuleKind {
  return { rule, metric, answer, define, exemptible: reach === 'exemptible', paid: cost === 'paid' };
}
