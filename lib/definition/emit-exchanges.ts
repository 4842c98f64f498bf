import { type ParameterRule, sentNames } from '../protocol/parameter-rules';
import type { DeclaredExchange } from './compiled-api';
import type { CompiledOperation } from './compiled-operation';
import { asObject, member } from './json-pointer';
import { essence, isText } from './media-types';
import type { DocumentSource, Sourced } from './source';

/** What each operation declares of its requests and answers, by `METHOD path` as imported. */
export function emitExchanges(
  operations: readonly CompiledOperation[],
  source: DocumentSource,
): Readonly<Record<string, DeclaredExchange>> {
  return Object.fromEntries(
    operations.map(({ operation, gatewayPath, parameters }) => [
      `${operation.method} ${gatewayPath.path}`,
      {
        headers: headersOf(source, [operation.pathItem, operation.node]),
        ...queryOf(parameters.filter((rule) => rule.in === 'query')),
        ...binaryAnswersOf(source, source.child(operation.node, 'responses')),
        answers: answersOf(source, source.child(operation.node, 'responses')),
      },
    ]),
  );
}

function queryOf(rules: readonly ParameterRule[]): Pick<DeclaredExchange, 'queryParameters' | 'unlisted'> {
  return {
    queryParameters: [...new Set(rules.flatMap(sentNames))],
    unlisted: rules.filter((rule) => sentNames(rule).length === 0).map(({ name }) => name),
  };
}

/** As written: the compiled rules have them in lower case. */
function headersOf(source: DocumentSource, holders: readonly Sourced[]): string[] {
  const names = holders.flatMap((holder) => {
    const list = source.child(holder, 'parameters');
    if (!Array.isArray(list.value)) return [];
    return [...list.value.keys()]
      .map((index) => source.deref(source.child(list, index)).value)
      .filter((parameter) => member(parameter, 'in') === 'header')
      .map((parameter) => String(member(parameter, 'name')));
  });
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

function binaryAnswersOf(
  source: DocumentSource,
  responses: Sourced,
): Pick<DeclaredExchange, 'binaryAnswers'> {
  const mediaTypes = answered(source, responses)
    .flatMap(([, response]) => Object.keys(asObject(source.child(response, 'content').value) ?? {}))
    .map(essence);
  const binaryAnswers = [...new Set(mediaTypes)].filter((mediaType) => !isText(mediaType)).sort();
  return binaryAnswers.length > 0 ? { binaryAnswers } : {};
}

function answersOf(source: DocumentSource, responses: Sourced): Record<string, string[]> {
  return Object.fromEntries(
    answered(source, responses).map(([status, response]) => [
      status,
      Object.keys(asObject(source.child(response, 'headers').value) ?? {}),
    ]),
  );
}

function answered(source: DocumentSource, responses: Sourced): (readonly [status: string, Sourced])[] {
  return Object.keys(asObject(responses.value) ?? {})
    .filter((status) => !status.startsWith('x-'))
    .map((status) => [status, source.deref(source.child(responses, status))]);
}
