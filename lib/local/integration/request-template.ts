import type { IntegrationModel } from '../model/api';
import type { Exchange, Refusal } from '../pipeline/exchange';
import { mediaTypeOf } from '../pipeline/validate-request';
import { requestPayload } from './payload';
import { renderTemplate } from './render-template';

/** The body a non-proxy integration sends: through its template, or as it came (aws-facts 4.5). */
export function requestBody(
  exchange: Exchange,
  integration: IntegrationModel,
): { readonly body: Buffer } | Refusal {
  const { requestTemplates, passthroughBehavior } = integration;
  const template = Object.entries(requestTemplates).find(([type]) => type === mediaTypeOf(exchange))?.[1];
  if (template !== undefined) {
    const rendered = renderTemplate(template, exchange, exchange.request.body);
    return rendered === undefined ? unsupportedTemplate() : { body: Buffer.from(rendered) };
  }

  const hasTemplates = Object.keys(requestTemplates).length > 0;
  const passes =
    passthroughBehavior === 'WHEN_NO_MATCH' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && !hasTemplates);
  if (passes) return { body: requestPayload(exchange) };

  return {
    kind: 'refusal',
    responseType: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Unsupported Media Type',
    stage: 'body',
    rule: 'no template for this media type',
  };
}

export function unsupportedTemplate(): Refusal {
  return {
    kind: 'refusal',
    responseType: 'API_CONFIGURATION_ERROR',
    message: 'Internal server error',
    stage: 'backend',
    rule: 'a mapping template uses what is not run here',
  };
}
