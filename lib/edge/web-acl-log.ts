import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import {
  CREDENTIAL_HEADERS,
  CREDENTIAL_QUERY_PARAMETERS,
  SECRET_HEADERS,
} from '../protocol/credential-names';
import type { WebAclRedaction } from './web-acl-props';
import type { WebAclSettings } from './web-acl-settings';

/** AWS takes no log group by another name. */
export const LOG_GROUP_PREFIX = 'aws-waf-logs-';

const MAXIMUM_NAME = 512;

/** The hyphen before a web ACL's id, and the id: a UUID. */
const ID_LENGTH = 37;

/** Keys in one field, and characters of a key (https://docs.aws.amazon.com/waf/latest/APIReference/API_FieldToProtect.html). */
const MAXIMUM_KEYS = 100;
const MAXIMUM_KEY = 64;

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_LoggingConfiguration.html */
const MAXIMUM_REDACTED = 100;

/** Headers that carry secrets in every API. */
const ALWAYS_HIDDEN = [
  'authorization',
  'cookie',
  ...CREDENTIAL_HEADERS.map((name) => name.toLowerCase()),
  ...SECRET_HEADERS,
];

/**
 * What log, samples and Security Lake show in place of secrets: nothing. Substituted, not hashed: AWS's hash
 * takes no key, so that a short secret could be guessed (aws-facts 7.12).
 */
export function dataProtection(settings: WebAclSettings): CfnWebACL.DataProtectionConfigProperty {
  const { headers, cookies, queryArguments, query, body } = hiddenParts(settings);
  const fields = [
    ...named('SINGLE_HEADER', headers),
    ...named('SINGLE_COOKIE', cookies),
    ...named('SINGLE_QUERY_ARGUMENT', queryArguments),
    ...(query ? [{ fieldType: 'QUERY_STRING' }] : []),
    ...(body ? [{ fieldType: 'BODY' }] : []),
  ];

  return { dataProtections: fields.map((field) => ({ action: 'SUBSTITUTION', field })) };
}

/** As many fields as the names need. */
function named(fieldType: string, names: readonly string[]): CfnWebACL.FieldToProtectProperty[] {
  return Array.from({ length: Math.ceil(names.length / MAXIMUM_KEYS) }, (_, index) => ({
    fieldType,
    fieldKeys: names.slice(index * MAXIMUM_KEYS, (index + 1) * MAXIMUM_KEYS),
  }));
}

/** All that the log does not show. */
export function hiddenParts({
  credentialHeaders,
  redaction = {},
}: WebAclSettings): Required<WebAclRedaction> {
  const {
    headers = [],
    cookies = [],
    queryArguments = [],
    query = false,
    path = false,
    body = false,
  } = redaction;
  const hidden = hiddenArguments(queryArguments);
  const isTooLong = (name: string) => name.length > MAXIMUM_KEY;

  return {
    headers: [
      ...new Set([...ALWAYS_HIDDEN, ...credentialHeaders, ...headers.map((name) => name.toLowerCase())]),
    ],
    // longer ones are hidden all the same, with the header they stand in
    cookies: cookies.filter((name) => !isTooLong(name)),
    queryArguments: hidden.filter((name) => !isTooLong(name)),
    query: query || hidden.some(isTooLong),
    path,
    body,
  };
}

/**
 * A name for the log group of the web ACL at `scope`, as AWS demands. It ends with the web ACL's id, since the log
 * outlives both it and the stack, and the next one of that name would find it taken.
 */
export function logGroupNameOf(scope: Construct, webAclId: string): string {
  const name = Names.uniqueResourceName(scope, {
    maxLength: MAXIMUM_NAME - LOG_GROUP_PREFIX.length - ID_LENGTH,
    separator: '-',
    allowedSpecialCharacters: '-_',
  });
  return `${LOG_GROUP_PREFIX}${name}-${webAclId}`;
}

/** A log group for the web ACL. */
export function defineLogGroup(scope: Construct, settings: WebAclSettings, webAclId: string): ILogGroup {
  return new LogGroup(scope, 'Log', {
    logGroupName: logGroupNameOf(scope, webAclId),
    retention: settings.logRetention ?? RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/**
 * Sends the web ACL's log to the group: what a rule refused or counted, and all else only where asked for.
 *
 * The L1 passes `singleHeader` and `loggingFilter` on unconverted, so their keys are in Pascal case
 * (aws-facts 7.15).
 */
export function defineLogging(
  scope: Construct,
  acl: CfnWebACL,
  logGroup: ILogGroup,
  settings: WebAclSettings,
) {
  const { headers, query, path } = hiddenParts(settings);
  const destination = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

  return new CfnLoggingConfiguration(scope, 'Logging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [destination],
    // data protection hides all of them; what has no room here is hidden by that alone
    redactedFields: [
      ...(query ? [{ queryString: {} }] : []),
      ...(path ? [{ uriPath: {} }] : []),
      ...headers.map((name) => ({ singleHeader: { Name: name } })),
    ].slice(0, MAXIMUM_REDACTED),
    loggingFilter: settings.logAllowed ? undefined : REFUSED_AND_COUNTED,
  });
}

const REFUSED_AND_COUNTED = {
  DefaultBehavior: 'DROP',
  Filters: [
    {
      Behavior: 'KEEP',
      Requirement: 'MEETS_ANY',
      Conditions: ['BLOCK', 'COUNT', 'CAPTCHA', 'CHALLENGE', 'EXCLUDED_AS_COUNT'].map((action) => ({
        ActionCondition: { Action: action },
      })),
    },
  ],
};

/**
 * Names are told apart without regard to case. Brackets, blanks and the like come as they are, as URLs encode them and
 * as forms do; AWS does not say that it decodes them.
 */
function hiddenArguments(more: readonly string[]): string[] {
  const byName = new Map(CREDENTIAL_QUERY_PARAMETERS.map((name) => [name, name]));
  for (const name of more.flatMap(spellings)) {
    if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), name);
  }

  return [...byName.values()];
}

function spellings(name: string): string[] {
  const form = new URLSearchParams([[name, '']]).toString().slice(0, -1);

  return [name, form, form.replaceAll('+', '%20')];
}
