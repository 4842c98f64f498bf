import { type Json, listOf, numberOf, objectOf, textOf } from '../../template/read';
import { type Compilation, type Evaluation, invalid, type Matcher } from '../evaluation';
import { RateWindow } from '../rate-window';
import type { Transformation } from '../transformations/transform';
import { transformation } from './inspect';
import { sourceOf } from './source';

/** Part of a key; undefined where the request lacks it, which is then not counted at all. */
type KeyPart = (evaluation: Evaluation) => string | undefined;

const WINDOWS = [60, 120, 300, 600];
const DEFAULT_WINDOW = 300;
const MINIMUM_LIMIT = 10;

/** Requests of one key above a limit in a sliding window. */
export function rateBased(
  statement: Json,
  compilation: Compilation,
  scopeDown: Matcher | undefined,
): Matcher {
  const limit = numberOf(statement['Limit']) ?? 0;
  const window = numberOf(statement['EvaluationWindowSec']) ?? DEFAULT_WINDOW;
  const parts = keyParts(statement, compilation);
  if (limit < MINIMUM_LIMIT || !WINDOWS.includes(window) || !parts || parts.length === 0) {
    return invalid(
      compilation,
      `AWS WAF does not take a rate of ${limit} in ${window} seconds by ${textOf(statement['AggregateKeyType'])}`,
      'give 10 or more in 60, 120, 300 or 600 seconds, by keys API Gateway has',
    );
  }
  if (statement['AggregateKeyType'] === 'CONSTANT' && !scopeDown) {
    return invalid(compilation, 'a rate by CONSTANT needs a scope-down statement', 'give one');
  }
  const rate = new RateWindow(limit, window, compilation.now);

  return (evaluation) => {
    const inScope = scopeDown ? scopeDown(evaluation) : true;
    if (!inScope) return inScope;
    const key = parts.map((part) => part(evaluation));

    return key.every((part) => part !== undefined) && rate.exceeds(JSON.stringify(key));
  };
}

function keyParts(statement: Json, compilation: Compilation): readonly KeyPart[] | undefined {
  const forwarded = addressPart(statement['ForwardedIPConfig']);
  switch (statement['AggregateKeyType']) {
    case 'IP':
      return [addressPart(undefined)];
    case 'FORWARDED_IP':
      return [forwarded];
    case 'CONSTANT':
      return [() => ''];
    case 'CUSTOM_KEYS': {
      const parts = listOf(statement['CustomKeys']).map((key) =>
        customPart(objectOf(key), forwarded, compilation),
      );
      return parts.every((part) => part !== undefined) ? parts.flatMap((part) => part ?? []) : undefined;
    }
    default:
      return undefined;
  }
}

function customPart(key: Json, forwarded: KeyPart, compilation: Compilation): KeyPart | undefined {
  const [[kind, value] = ['', undefined]] = Object.entries(key);
  const settings = objectOf(value);
  const name = (textOf(settings['Name']) ?? '').toLowerCase();
  const transformed = (read: KeyPart) => transformedPart(settings, read, compilation);
  switch (kind) {
    case 'IP':
      return addressPart(undefined);
    case 'ForwardedIP':
      return forwarded;
    case 'HTTPMethod':
      return ({ view }) => view.request.method;
    case 'Header':
      return transformed(({ view }) => joined(view.valuesOf(name)));
    case 'Cookie':
      return transformed(({ view }) => joined(valuesOf(view.cookies.entries, name)));
    case 'QueryArgument':
      return transformed(({ view }) => joined(valuesOf(view.queryArguments, name)));
    case 'QueryString':
      return transformed(({ view }) => view.request.rawQuery || undefined);
    case 'UriPath':
      return transformed(({ view }) => view.request.path);
    case 'LabelNamespace':
      return labelPart(textOf(settings['Namespace']) ?? '');
    case 'ASN': {
      const { asn } = compilation.locations;
      return ({ view }) => asn?.(view.request.sourceIp)?.toString();
    }
    default:
      return undefined;
  }
}

function transformedPart(settings: Json, read: KeyPart, compilation: Compilation): KeyPart | undefined {
  const transform: Transformation | undefined = transformation(settings['TextTransformations'], compilation);
  if (!transform) return undefined;

  return (evaluation) => {
    const value = read(evaluation);
    return value === undefined ? undefined : transform(value);
  };
}

function addressPart(forwarded: unknown): KeyPart {
  const source = sourceOf(forwarded);

  return (evaluation) => {
    const [address] = source(evaluation).addresses;
    return address && `${address.family}:${address.value}`;
  };
}

/** AWS counts by all labels of the namespace together. */
function labelPart(namespace: string): KeyPart {
  return ({ labels }) => joined([...labels].filter((label) => label.includes(namespace)));
}

const joined = (values: readonly string[]) => (values.length === 0 ? undefined : values.join('\n'));

function valuesOf(entries: readonly (readonly [string, string])[], name: string): string[] {
  return entries.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}
