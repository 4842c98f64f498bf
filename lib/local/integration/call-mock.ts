import type { IntegrationModel } from '../model/api';
import type { Answer, Exchange } from '../pipeline/exchange';
import { mapIntegrationResponse } from './integration-response';
import { requestBody } from './request-template';

/** MOCK: the request template names a status, whose integration response is the answer. */
export function callMock(exchange: Exchange, integration: IntegrationModel): Answer {
  const body = requestBody(exchange, integration);
  if ('kind' in body) return body;

  const status = statusCodeOf(body.body.toString('utf8'));
  exchange.note = 'mock';
  if (status === undefined) {
    return {
      kind: 'refusal',
      responseType: 'API_CONFIGURATION_ERROR',
      message: 'Internal server error',
      stage: 'backend',
      rule: 'the mock names no status',
    };
  }
  return mapIntegrationResponse(exchange, integration, { status, headers: [], body: Buffer.alloc(0) });
}

function statusCodeOf(text: string): number | undefined {
  // as lenient as the service: keys need no quotes
  const digits = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(text)?.[1];
  return digits ? Number(digits) : undefined;
}
