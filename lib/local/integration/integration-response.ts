import type { IntegrationModel, IntegrationResponseModel } from '../model/api';
import type { Answer, Exchange } from '../pipeline/exchange';
import type { HeaderList } from '../pipeline/header-list';
import { headerValue } from '../pipeline/header-list';
import { renderTemplate } from './render-template';
import { unsupportedTemplate } from './request-template';
import { runDirectives } from './run-directives';

/** What comes back from an integration, before the method's response is made of it. */
export interface RawResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/** The response of a non-proxy integration: the one whose pattern matches the status, else the default. */
export function mapIntegrationResponse(
  exchange: Exchange,
  integration: IntegrationModel,
  raw: RawResponse,
): Answer {
  const chosen = choose(integration.responses, String(raw.status));
  if (!chosen) {
    return {
      kind: 'refusal',
      responseType: 'API_CONFIGURATION_ERROR',
      message: 'Internal server error',
      stage: 'backend',
      rule: `no integration response for status ${raw.status}`,
    };
  }

  const [mediaType, template] = Object.entries(chosen.responseTemplates)[0] ?? [
    'application/json',
    undefined,
  ];
  const outcome =
    template === undefined
      ? { text: raw.body, headers: [] }
      : runDirectives(template, exchange, (text) => renderTemplate(text, exchange, raw.body));
  if (outcome === undefined) return unsupportedTemplate();

  const headers = [...mapHeaders(chosen, raw), ...outcome.headers];
  return {
    kind: 'response',
    status: chosen.statusCode,
    headers: headerValue(headers, 'content-type') ? headers : [['Content-Type', mediaType], ...headers],
    body: Buffer.from(outcome.text),
  };
}

function choose(
  responses: readonly IntegrationResponseModel[],
  status: string,
): IntegrationResponseModel | undefined {
  return (
    responses.find(
      ({ selectionPattern }) => selectionPattern && new RegExp(`^(?:${selectionPattern})$`).test(status),
    ) ?? responses.find(({ selectionPattern }) => !selectionPattern)
  );
}

function mapHeaders({ responseParameters }: IntegrationResponseModel, raw: RawResponse): HeaderList {
  return Object.entries(responseParameters).flatMap(([target, source]) => {
    const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    const fixed = /^'(.*)'$/s.exec(source)?.[1];
    const from = /^integration\.response\.header\.(.+)$/.exec(source)?.[1];
    const value = fixed ?? (from ? headerValue(raw.headers, from) : undefined);
    return name && value !== undefined ? [[name, value] as const] : [];
  });
}
