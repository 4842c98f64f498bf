import { createHash } from 'node:crypto';
import { type Json, listOf, objectOf, textOf } from '../template/read';
import type { WebAclRequest } from './index';
import type { MatchDetail, RateValue } from './trace';

/** What of a request a log line shows. */
export interface ProtectedRequest {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly args: string;
  readonly uri: string;
  readonly method: string;
}

interface Cover {
  readonly hide: (text: string) => string;
  /** Substitution is stricter than a hash. */
  readonly isHash: boolean;
  /** Hides a header of cookies as a whole; else cookie by cookie, their names staying. */
  readonly whole: boolean;
  readonly inDetails: boolean;
  readonly inRates: boolean;
}

const REDACTED = 'REDACTED';

const REDACTION: Cover = {
  hide: () => REDACTED,
  isHash: false,
  whole: true,
  inDetails: true,
  inRates: true,
};

/** Covers what the web ACL's data protection and the log's redacted fields name, as the guide's examples show. */
export class DataProtection {
  private readonly covers: ReadonlyMap<string, Cover>;

  constructor(properties: Json, logging: Json, account: string) {
    this.covers = new Map([...protections(properties, account), ...redactions(logging)]);
  }

  public request({ headers, rawQuery, path, method }: WebAclRequest): ProtectedRequest {
    return {
      headers: headers.map(([name, value]) => ({ name, value: this.header(name, value) })),
      args: this.args(rawQuery),
      uri: this.covers.get(key('URI_PATH'))?.hide(path) ?? path,
      method: this.covers.get(key('METHOD'))?.hide(method) ?? method,
    };
  }

  /** A finding as the log has it. */
  public detail({ location, fieldName, fieldValue, matchedData, ...rest }: MatchDetail): Json {
    const cover = strictest(this.over(location, fieldName).filter(({ inDetails }) => inDetails));
    const name = fieldName === undefined ? undefined : this.argumentName(location, fieldName, 'inDetails');

    return {
      ...rest,
      location,
      matchedData: cover ? [cover.hide(fieldValue)] : matchedData,
      ...(name !== undefined && { matchedFieldName: name }),
    };
  }

  /** Part of a rate's key as the log has it. */
  public rateValue({ key: kind, name, value }: RateValue): Json {
    const cover = strictest(this.over(kind, name).filter(({ inRates }) => inRates));
    const shown = name === undefined ? undefined : this.argumentName(kind, name, 'inRates');

    return {
      key: kind,
      ...(shown !== undefined && { name: shown }),
      value: cover ? cover.hide(value) : value.slice(0, SHOWN_CHARACTERS),
    };
  }

  private header(name: string, value: string): string {
    const cover = this.covers.get(key('SINGLE_HEADER', name));
    const isCookie = name.toLowerCase() === 'cookie';
    if (cover && (cover.whole || !isCookie)) return cover.hide(value);
    if (!isCookie) return value;

    return value
      .split(';')
      .map((pair) => (cover ? coveredValue(cover, pair) : this.pair('SINGLE_COOKIE', pair)))
      .join(';');
  }

  private args(rawQuery: string): string {
    const whole = this.covers.get(key('QUERY_STRING'));
    if (whole) return rawQuery === '' ? '' : whole.hide(rawQuery);

    return rawQuery
      .split('&')
      .map((pair) => this.pair('SINGLE_QUERY_ARGUMENT', pair))
      .join('&');
  }

  private pair(type: string, pair: string): string {
    const separator = pair.indexOf('=');
    const cover = this.covers.get(key(type, (separator < 0 ? pair : pair.slice(0, separator)).trim()));

    return cover && separator >= 0 ? coveredValue(cover, pair) : pair;
  }

  /** Protection of a query string hides the names of its arguments too. */
  private argumentName(place: string, name: string, where: 'inDetails' | 'inRates'): string {
    const cover = place.includes('QUERY') ? this.covers.get(key('QUERY_STRING')) : undefined;

    return cover?.[where] ? cover.hide(name) : name;
  }

  /** Every protection that may concern a place: of several, the strictest counts. */
  private over(place: string, name = ''): Cover[] {
    const one = (type: string, named = '') => {
      const cover = this.covers.get(key(type, named));
      return cover ? [cover] : [];
    };
    const every = (type: string) =>
      [...this.covers].filter(([covered]) => covered.startsWith(`${type}:`)).map(([, cover]) => cover);
    switch (place) {
      case 'HEADER':
        return [
          ...one('SINGLE_HEADER', name),
          ...(name.toLowerCase() === 'cookie' ? every('SINGLE_COOKIE') : []),
        ];
      case 'COOKIE':
        return [...one('SINGLE_COOKIE', name), ...one('SINGLE_HEADER', 'cookie')];
      case 'SINGLE_QUERY_ARG':
      case 'ALL_QUERY_ARGS':
      case 'QUERY_ARGUMENT':
        return [...one('SINGLE_QUERY_ARGUMENT', name), ...one('QUERY_STRING')];
      case 'QUERY_STRING':
        return [...every('SINGLE_QUERY_ARGUMENT'), ...one('QUERY_STRING')];
      case 'URI':
      case 'URI_PATH':
        return one('URI_PATH');
      case 'METHOD':
      case 'HTTP_METHOD':
        return one('METHOD');
      // a JSON body is reported as UNKNOWN
      case 'BODY':
      case 'UNKNOWN':
        return one('BODY');
      default:
        return [];
    }
  }
}

/** As many characters of a value of a rate's key AWS's log shows. */
const SHOWN_CHARACTERS = 32;

function protections({ DataProtectionConfig }: Json, account: string): (readonly [string, Cover])[] {
  return listOf(objectOf(DataProtectionConfig)['DataProtections'])
    .map(objectOf)
    .flatMap(({ Action, Field, ExcludeRuleMatchDetails, ExcludeRateBasedDetails }) => {
      const { FieldType, FieldKeys } = objectOf(Field);
      const isHash = Action === 'HASH';
      const cover: Cover = {
        hide: isHash ? (text) => hashed(`${account}${text}`) : () => REDACTED,
        isHash,
        whole: false,
        inDetails: ExcludeRuleMatchDetails !== true,
        inRates: ExcludeRateBasedDetails !== true,
      };
      const keys = listOf(FieldKeys).map(String);
      return (keys.length > 0 ? keys : ['']).map(
        (name) => [key(textOf(FieldType) ?? '', name), cover] as const,
      );
    });
}

function redactions(logging: Json): (readonly [string, Cover])[] {
  return listOf(logging['RedactedFields'])
    .map(objectOf)
    .flatMap(({ SingleHeader, QueryString, UriPath, Method }) => {
      const name = textOf(objectOf(SingleHeader)['Name']);
      return [
        ...(name === undefined ? [] : [key('SINGLE_HEADER', name)]),
        ...(QueryString ? [key('QUERY_STRING')] : []),
        ...(UriPath ? [key('URI_PATH')] : []),
        ...(Method ? [key('METHOD')] : []),
      ];
    })
    .map((covered) => [covered, REDACTION] as const);
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** What has no name is hidden whole. */
function coveredValue({ hide }: Cover, pair: string): string {
  const separator = pair.indexOf('=');

  return separator < 0 ? hide(pair) : `${pair.slice(0, separator + 1)}${hide(pair.slice(separator + 1))}`;
}

function strictest(covers: readonly Cover[]): Cover | undefined {
  return covers.find(({ isHash }) => !isHash) ?? covers[0];
}

function key(type: string, name = ''): string {
  return `${type}:${name.toLowerCase()}`;
}
