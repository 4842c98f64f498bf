/**
 * The rules of the web ACL, in the order they are evaluated.
 *
 * The values are the rules' names; where a kind has several rules, they are numbered behind it.
 */
export enum EdgeRule {
  /** Marks callers that some rules let pass. Refuses nobody. */
  EXEMPT = 'exempt',
  /** Refuses listed networks. */
  DENY = 'deny',
  /** Refuses previous attackers, put on a list with an expiry by `secure-api-gateway deny`. */
  ATTACKERS = 'attackers',
  /** Refuses networks that threat feeds name. */
  THREAT_FEEDS = 'threat-feeds',
  /** Refuses everyone outside of listed networks. */
  ONLY_FROM = 'only-from',
  /** Refuses everyone outside of a named set on the operations that belong to it. */
  OPERATION_ONLY_FROM = 'operation-only-from',
  /** Refuses countries. */
  COUNTRIES = 'countries',
  /** Refuses autonomous systems. */
  ASNS = 'asns',
  /** AWS-managed: addresses known to be bots or attackers. */
  IP_REPUTATION = 'ip-reputation',
  /** AWS-managed: anonymising proxies, Tor, hosting providers. */
  ANONYMOUS_ADDRESSES = 'anonymous-addresses',
  /** The floor: requests per address, whatever they carry. */
  RATE_PER_ADDRESS = 'rate-per-address',
  /** Requests per credential header. */
  RATE_PER_CREDENTIAL = 'rate-per-credential',
  /** Requests per address without any credential header: the complement of the rule above. */
  RATE_WITHOUT_CREDENTIAL = 'rate-without-credential',
  /** Requests per address to operations that look like a login. */
  RATE_LOGIN = 'rate-login',
  /** Requests to one path. */
  RATE_PATH = 'rate-path',
  /** Requests of all callers together. */
  RATE_CEILING = 'rate-ceiling',
  /** Refuses requests that carry a header only the gateway may set. */
  RESERVED_HEADERS = 'reserved-headers',
  /** Refuses requests that ask for another method than they are sent with. */
  METHOD_OVERRIDE = 'method-override',
  /** Refuses compressed bodies, which API Gateway unpacks once the rules have looked at them: 415. */
  CONTENT_ENCODING = 'content-encoding',
  /** Refuses bodies of a media type no operation takes: 415. */
  MEDIA_TYPE = 'media-type',
  /** Refuses bodies larger than the operation's size class: 413. */
  BODY_SIZE = 'body-size',
  /** Refuses document types and entities in XML. */
  XML_ENTITIES = 'xml-entities',
  /** Refuses API keys and tokens in bodies, where no operation takes them: 400. */
  BODY_CREDENTIALS = 'body-credentials',
  /** Refuses `..` as a segment of path or query. */
  TRAVERSAL = 'traversal',
  /** Refuses operators of NoSQL databases as names in query and JSON. */
  NOSQL_OPERATORS = 'nosql-operators',
  /** AWS WAF's own SQL injection detection (`InjectionDetection.OWN`). */
  OWN_SQL_INJECTION = 'own-sql-injection',
  /** AWS WAF's own cross-site scripting detection (`InjectionDetection.OWN`). */
  OWN_CROSS_SITE_SCRIPTING = 'own-cross-site-scripting',
  /** AWS-managed: SQL injection. */
  SQL_INJECTION = 'sql-injection',
  /** AWS-managed: requests known to be exploits. */
  KNOWN_BAD_INPUTS = 'known-bad-inputs',
  /** AWS-managed: the common rule set. */
  COMMON = 'common',
  /** AWS-managed, by choice: exploits of Linux. */
  LINUX = 'linux',
  /** AWS-managed, by choice and paid: floods. */
  ANTI_DDOS = 'anti-ddos',
  /** AWS-managed, by choice and paid: bots. */
  BOT_CONTROL = 'bot-control',
  /** AWS-managed, by choice and paid: stolen credentials tried on logins. */
  ACCOUNT_TAKEOVER = 'account-takeover',
  /** Counts requests without a User-Agent. Refuses nobody. */
  NO_USER_AGENT = 'no-user-agent',
}
