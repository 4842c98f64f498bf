import {
  CustomDataIdentifier,
  DataIdentifier,
  DataProtectionPolicy,
  type LogGroupProps,
} from 'aws-cdk-lib/aws-logs';
import { GatewayConfigurationError, type Problem } from '../errors';
import type { DataPattern } from './data-pattern';

/** Custom identifiers CloudWatch Logs takes in one policy (aws-facts 8.2). */
const MAXIMUM_PATTERNS = 10;
const MAXIMUM_EXPRESSION = 200;
const NAME = /^[A-Za-z0-9_-]{1,128}$/;

/** No parentheses, colons or quotes: CloudWatch Logs takes no groups (aws-facts 8.2). */
const EXPRESSION = /^[A-Za-z0-9_#=@/;, \-^$?[\]{}|\\*+.]+$/;

const LABEL = '[a-z0-9]{1,16}';

/**
 * Characters that are not among those CloudWatch Logs takes, by their codes: what its expressions for filters document
 * for just that, which take the same characters
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html).
 */
const PERCENT = '\\x25';
const AMPERSAND = '\\x26';
const QUOTE = '\\x22';

/** `_`, or encoded once or more: `%5F`, `%5f`, `%255F`. */
const UNDERSCORE = `[_${PERCENT}][25Ff]*`;

/** Bytes of a token, the marks between its parts encoded or not. */
const TOKEN = `[\\w.${PERCENT}-]`;

/** How an object begins in Base64, with a quotation mark or a blank behind its brace. */
const OBJECT = 'e[yw][AJ0ok]';

/** Between the groups of a card's digits: a blank or a hyphen, encoded or not. */
const GAP = `[ +${PERCENT}-][025Dd]*`;

/** What follows `Bearer`, `Basic` or `DPoP`: blanks as they are or encoded, then more than a word of prose. */
const CREDENTIAL = `[ +${PERCENT}]+[20]{0,4}[\\w.+/=${PERCENT}-]{16,}`;

/** The rest of an argument of a query, within a text of JSON: a backslash in front of a quotation mark stays. */
const REST = `[^${AMPERSAND}${QUOTE}\\\\]*`;

/** The end of a name, its brackets and `=` encoded or not, and what it stands for. */
const NAMED = `[\\w.\\[\\]-]*[=${PERCENT}]${REST}`;

/** The end of a name, and what it stands for. */
const VALUE = `[^=${AMPERSAND}${QUOTE}\\\\]*=${REST}`;

/** What is encoded once or more, by its code. */
const encoded = (code: string) => `${PERCENT}[25]*${code}`;

/**
 * Credentials that callers present to the gateway, and what CloudWatch Logs overlooks by itself: card numbers
 * without a word for card near them, and the e-mail addresses of paths and queries, whose @ is written %40. Paths and
 * queries stand in the log of the web ACL as they were sent, so what clients encode there is looked for encoded too.
 *
 * AWS WAF knows arguments by their whole names as they were sent. So the values of those are masked whose name has a
 * letter, a digit or a mark that nobody need encode encoded (RFC 3986, 2.3), and those whose name has a word for a
 * secret within.
 *
 * Cards have 14 digits or more: thirteen stand in times and identifiers by chance, and where a number ends cannot be
 * asked, since CloudWatch Logs documents no such assertion; so one that is longer than a card's is masked whole.
 *
 * Two that have room in one expression share it: CloudWatch Logs takes ten.
 */
const OWN: readonly DataPattern[] = [
  pattern(
    'ApiKeyOrToken',
    `${LABEL}${UNDERSCORE}${LABEL}${UNDERSCORE}[^\\W_]{50}`,
    `${OBJECT}[\\w=-]{8,}\\.${TOKEN}+`,
    `${OBJECT}${TOKEN}+${encoded('2[5Ee]')}${TOKEN}+`,
    // whatever it is: letters and digits that are all encoded
    `${`${PERCENT}[3-7]\\w`.repeat(3)}[${PERCENT}\\w]{9,}`,
  ),
  pattern(
    'AuthorizationOrEmail',
    // `Bearer` or `Basic`
    `[Bb][AEae][ASas][IRir][CEce][Rr]?${CREDENTIAL}`,
    `[Dd][Pp][Oo][Pp]${CREDENTIAL}`,
    `[\\w.+${PERCENT}-]{1,99}${encoded('40')}[A-Za-z0-9-]+[.${PERCENT}][A-Za-z0-9.${PERCENT}-]+`,
  ),
  pattern(
    'PaymentCard',
    // as many digits in front as do no harm: engines that step back would try each length of them
    '\\d{0,40}[4-6]\\d{15,}',
    '\\d{0,40}3[04-8]\\d{12,}',
    '\\d{0,40}2[2-7]\\d{14,}',
    `[2-6]\\d{3}${GAP}\\d{4}${GAP}\\d{4}${GAP}\\d{4,}`,
    `3\\d{3}${GAP}\\d{6}${GAP}\\d{4,}`,
  ),
  pattern(
    'SecretOrPrivateKey',
    ...['[Pp]assw', '[Ss]ecret', '[Tt]oken'].map((word) => word + NAMED),
    // a token in Base64 once more
    'ZXlK[\\w+/=-]{20,}',
    `BEGIN[A-Z\\d +${PERCENT}]*PRIVATE[\\d +${PERCENT}]*KEY${REST}`,
  ),
  pattern(
    'EncodedNameOrSignature',
    // letters, then digits with more letters and `_`, then `-` and `.`; not the brackets of `filter%5Bname%5D`
    ...['[46][1-9A-Fa-f]', '[357][0-9AFaf]', '2[DEde]'].map((code) => encoded(code) + VALUE),
    // of an address that AWS or others signed, or of AWS's own scheme
    `[Ss]ignature[=${PERCENT}]${REST}`,
  ),
];

function pattern(name: string, ...alternatives: readonly string[]): DataPattern {
  return { name, expression: alternatives.join('|') };
}

/**
 * What CloudWatch Logs knows by itself. No addresses: they are what an investigation starts from. No security codes of
 * cards: that is any number of three digits near the words "card id", such as the status of `GET /cards/{cardId}`. The
 * web ACL's log hides them by the names of their parameters.
 */
const MANAGED = [
  DataIdentifier.AWSSECRETKEY,
  DataIdentifier.OPENSSHPRIVATEKEY,
  DataIdentifier.PGPPRIVATEKEY,
  DataIdentifier.PKCSPRIVATEKEY,
  DataIdentifier.PUTTYPRIVATEKEY,
  DataIdentifier.CREDITCARDNUMBER,
  DataIdentifier.EMAILADDRESS,
];

/**
 * The policy every log group of a gateway has: credentials, private keys, cards, e-mail addresses and the
 * user's own patterns are masked as they are written. It is the last net: nothing here writes them knowingly.
 */
export function dataProtection(
  at: string,
  own: readonly DataPattern[] = [],
): LogGroupProps['dataProtectionPolicy'] {
  const patterns = [...OWN, ...own];
  const problems = problemsOf(at, patterns);
  if (problems.length > 0) throw new GatewayConfigurationError(problems);

  return new DataProtectionPolicy({
    name: 'secrets',
    description: 'Credentials, private keys, cards and e-mail addresses are masked',
    identifiers: [
      ...MANAGED,
      ...patterns.map(({ name, expression }) => new CustomDataIdentifier(name, expression)),
    ],
  });
}

function problemsOf(at: string, patterns: readonly DataPattern[]): Problem[] {
  const names = patterns.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);

  return [
    ...(patterns.length > MAXIMUM_PATTERNS ? [tooMany(at, patterns.length)] : []),
    ...twice.map((name) => ({
      code: 'DATA_PATTERN_NAME',
      at: `${at}: audit.patterns`,
      message: `two patterns have the name ${JSON.stringify(name)}`,
      remedy: `name each differently; ${OWN.map((one) => `'${one.name}'`).join(' and ')} are the gateway's own`,
    })),
    ...patterns.flatMap((pattern) => patternProblems(`${at}: audit.patterns`, pattern)),
  ];
}

function tooMany(at: string, count: number): Problem {
  return {
    code: 'TOO_MANY_DATA_PATTERNS',
    at: `${at}: audit.patterns`,
    message: `CloudWatch Logs takes ${MAXIMUM_PATTERNS} patterns in a policy, got ${count} with the gateway's own ${OWN.length}`,
    remedy: `give at most ${MAXIMUM_PATTERNS - OWN.length}; several can be joined by '|'`,
  };
}

function patternProblems(at: string, { name, expression }: DataPattern): Problem[] {
  const problem = (message: string, remedy: string): Problem => ({
    code: 'DATA_PATTERN',
    at,
    message,
    remedy,
  });

  return [
    ...(NAME.test(name)
      ? []
      : [
          problem(
            `a pattern's name is not one CloudWatch Logs takes, got ${JSON.stringify(name)}`,
            'use 1 to 128 letters, digits, _ and -',
          ),
        ]),
    ...(expression.length <= MAXIMUM_EXPRESSION
      ? []
      : [
          problem(
            `the expression of '${name}' has ${expression.length} characters`,
            `use at most ${MAXIMUM_EXPRESSION}`,
          ),
        ]),
    ...(EXPRESSION.test(expression) && compiles(expression)
      ? []
      : [
          problem(
            `the expression of '${name}' is not one CloudWatch Logs takes, got ${JSON.stringify(expression)}`,
            'use letters, digits, space and _ # = @ / ; , - ^ $ ? [ ] { } | \\ * + . only: no parentheses, colons or quotes',
          ),
        ]),
  ];
}

function compiles(expression: string): boolean {
  try {
    return new RegExp(expression) instanceof RegExp;
  } catch {
    return false;
  }
}
