import { isObject, type Json, listOf, numberOf, objectOf, textOf } from '../../template/read';
import { type Address, AddressSet, parseAddress } from '../address';
import { type Compilation, type Evaluation, type Matcher, notRun } from '../evaluation';

/** Most addresses of a forwarding header that are looked at. */
const MAXIMUM_FORWARDED = 10;

/** The caller's address, or one it was forwarded for, in a set. */
export function ipSetReference(statement: Json, compilation: Compilation): Matcher {
  const arn = textOf(statement['Arn']) ?? textOf(statement['ARN']) ?? '';
  const set = compilation.resource(arn);
  if (!set) return notRun(compilation, `IP set ${arn}`);
  const addresses = new AddressSet(listOf(set['Addresses']).map(String));
  const source = sourceOf(statement['IPSetForwardedIPConfig']);

  return (evaluation) => judged(source(evaluation), (address) => addresses.has(address));
}

/** The country of the caller's address. Where it is known, labels tell it too. */
export function geoMatch(statement: Json, compilation: Compilation): Matcher {
  const { country } = compilation.locations;
  if (!country) return notRun(compilation, 'GeoMatch (no database of countries)');
  const codes = new Set(listOf(statement['CountryCodes']).map(String));
  const source = sourceOf(statement['ForwardedIPConfig']);
  const origin = isObject(statement['ForwardedIPConfig']) ? 'forwardedip' : 'clientip';

  return (evaluation) =>
    judged(source(evaluation), ({ text }) => {
      const code = country(text);
      evaluation.labels.add(`awswaf:${origin}:geo:country:${code ?? 'XX'}`);
      return code !== undefined && codes.has(code);
    });
}

/** The autonomous system of the caller's address. */
export function asnMatch(statement: Json, compilation: Compilation): Matcher {
  const { asn } = compilation.locations;
  if (!asn) return notRun(compilation, 'AsnMatch (no database of autonomous systems)');
  const numbers = new Set(listOf(statement['AsnList']).map(numberOf));
  const source = sourceOf(statement['ForwardedIPConfig']);

  const asked = isObject(statement['ForwardedIPConfig']) ? 'forwardedAsn' : 'clientAsn';

  return (evaluation) =>
    judged(source(evaluation), ({ text }) => {
      const number = asn(text);
      // AWS logs the number of whoever was asked for, and only then
      evaluation.trace[asked] ??= number;
      return numbers.has(number ?? 0);
    });
}

interface Source extends Address {
  readonly text: string;
}

/** The addresses to judge; a fallback where a header holds none; nothing where there is no header at all. */
export interface Sources {
  readonly addresses: readonly Source[];
  readonly fallback?: boolean;
}

/** Where a statement looks for the caller: the connection, or a header as configured. */
export function sourceOf(forwarded: unknown): (evaluation: Evaluation) => Sources {
  const { HeaderName, FallbackBehavior, Position } = objectOf(forwarded);
  const name = textOf(HeaderName);
  if (name === undefined) {
    return ({ view }) => ({ addresses: readAddresses([view.request.sourceIp]) });
  }

  return ({ view }) => {
    const [value] = view.valuesOf(name);
    if (value === undefined) return { addresses: [] };
    const parts = chosen(value.split(','), textOf(Position) ?? 'FIRST');
    const addresses = readAddresses(parts);

    return addresses.length === parts.length
      ? { addresses }
      : { addresses, fallback: FallbackBehavior === 'MATCH' };
  };
}

function chosen(parts: readonly string[], position: string): readonly string[] {
  if (position === 'ANY') return parts.slice(0, MAXIMUM_FORWARDED);

  return position === 'LAST' ? parts.slice(-1) : parts.slice(0, 1);
}

function readAddresses(texts: readonly string[]): Source[] {
  return texts.flatMap((text) => {
    const address = parseAddress(text);
    return address ? [{ ...address, text: text.trim() }] : [];
  });
}

function judged({ addresses, fallback = false }: Sources, test: (source: Source) => boolean): boolean {
  return addresses.some(test) || fallback;
}
