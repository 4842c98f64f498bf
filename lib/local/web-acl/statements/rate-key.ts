import { type Json, listOf, objectOf, textOf } from '../../template/read';
import { type Compilation, type Evaluation, notRun } from '../evaluation';
import type { RateValue } from '../trace';
import { transformation } from './inspect';
import { sourceOf } from './source';

/** What requests are counted by. */
export interface RateKey {
  /** AWS's word for it in the log. */
  readonly limitKey: string;
  readonly parts: readonly KeyPart[];
  /** The key is a header that holds no address, and the statement matches by that: nothing is counted. */
  readonly fallsBack: (evaluation: Evaluation) => boolean;
}

/** Part of a key. */
export interface KeyPart extends Omit<RateValue, 'value'> {
  /** Undefined where the request lacks it, which is then not counted at all. */
  readonly read: (evaluation: Evaluation) => string | undefined;
}

const NEVER = () => false;

/** The key a statement names; undefined where API Gateway does not have it. */
export function rateKeyOf(statement: Json, compilation: Compilation): RateKey | undefined {
  const { AggregateKeyType, CustomKeys, ForwardedIPConfig } = statement;
  switch (AggregateKeyType) {
    case 'IP':
      return { limitKey: 'IP', parts: [addressPart('IP', undefined)], fallsBack: NEVER };
    case 'FORWARDED_IP': {
      const source = sourceOf(ForwardedIPConfig);
      return {
        limitKey: 'FORWARDED_IP',
        parts: [addressPart('FORWARDED_IP', ForwardedIPConfig)],
        fallsBack: (evaluation) => source(evaluation).fallback ?? false,
      };
    }
    case 'CONSTANT':
      return { limitKey: 'CONSTANT', parts: [{ key: 'CONSTANT', read: () => '' }], fallsBack: NEVER };
    case 'CUSTOM_KEYS': {
      const parts = listOf(CustomKeys).map((key) =>
        customPart(objectOf(key), ForwardedIPConfig, compilation),
      );
      const known = parts.flatMap((part) => part ?? []);
      return known.length === parts.length && known.length > 0
        ? { limitKey: 'CUSTOMKEYS', parts: known, fallsBack: NEVER }
        : undefined;
    }
    default:
      return undefined;
  }
}

function customPart(key: Json, forwarded: unknown, compilation: Compilation): KeyPart | undefined {
  const [[kind, value] = ['', undefined]] = Object.entries(key);
  const settings = objectOf(value);
  const given = textOf(settings['Name']) ?? '';
  const name = given.toLowerCase();
  const transformed = (part: KeyPart) => transformedPart(settings, part, compilation);
  switch (kind) {
    case 'IP':
      return addressPart('IP', undefined);
    case 'ForwardedIP':
      return addressPart('FORWARDED_IP', forwarded);
    case 'HTTPMethod':
      return { key: 'HTTP_METHOD', read: ({ view }) => view.request.method };
    case 'Header':
      return transformed({ key: 'HEADER', name: given, read: ({ view }) => joined(view.valuesOf(name)) });
    case 'Cookie':
      return transformed({
        key: 'COOKIE',
        name: given,
        read: ({ view }) => joined(valuesOf(view.cookies.entries, name)),
      });
    case 'QueryArgument':
      return transformed({
        key: 'QUERY_ARGUMENT',
        name: given,
        read: ({ view }) => joined(valuesOf(view.queryArguments, name)),
      });
    case 'QueryString':
      return transformed({ key: 'QUERY_STRING', read: ({ view }) => view.request.rawQuery || undefined });
    case 'UriPath':
      return transformed({ key: 'URI_PATH', read: ({ view }) => view.request.path });
    case 'LabelNamespace':
      return labelPart(textOf(settings['Namespace']) ?? '');
    case 'ASN': {
      const { asn } = compilation.locations;
      if (asn) return { key: 'ASN', read: ({ view }) => asn(view.request.sourceIp)?.toString() };
      const open = notRun(compilation, 'rate by ASN (no database of autonomous systems)');
      return { key: 'ASN', read: (evaluation) => open(evaluation)?.toString() };
    }
    default:
      return undefined;
  }
}

function transformedPart(settings: Json, part: KeyPart, compilation: Compilation): KeyPart | undefined {
  const transform = transformation(settings['TextTransformations'], compilation);
  if (!transform) return undefined;

  return {
    ...part,
    read(evaluation) {
      const value = part.read(evaluation);
      return value === undefined ? undefined : transform(value);
    },
  };
}

function addressPart(key: string, forwarded: unknown): KeyPart {
  const source = sourceOf(forwarded);

  return { key, read: (evaluation) => source(evaluation).addresses[0]?.normal };
}

/** AWS counts by all labels of the namespace together. */
function labelPart(namespace: string): KeyPart {
  const isWithin = (label: string) => label.startsWith(namespace) || label.includes(`:${namespace}`);

  return {
    key: 'LABEL_NAMESPACE',
    name: namespace,
    read: ({ labels }) => joined([...labels].filter(isWithin)),
  };
}

const joined = (values: readonly string[]) => (values.length === 0 ? undefined : values.join('\n'));

function valuesOf(entries: readonly (readonly [string, string])[], name: string): string[] {
  return entries.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}
