import type { RequestRecord, StageRecord } from '../logs/request-record';
import type { Answer, Exchange, Response, Step } from './exchange';
import { renderGatewayResponse } from './gateway-response';

/** A response, and how it came about. */
export interface Outcome {
  readonly response: Response;
  readonly record: RequestRecord;
}

/** Sends a request through the steps until one answers it. */
export async function runPipeline(steps: readonly Step[], exchange: Exchange): Promise<Outcome> {
  const { stopwatch } = exchange;
  const began = stopwatch();
  const stages: StageRecord[] = [];
  const answer = (await firstAnswer(steps, exchange, stages)) ?? nobodyAnswered();
  const response = answer.kind === 'refusal' ? renderGatewayResponse(exchange, answer) : answer;
  const milliseconds = stopwatch() - began;
  const { variables, request, match, requestId, startedAt } = exchange;
  variables.set('status', String(response.status));
  variables.set('responseLength', String(response.body.length));
  variables.set('responseLatency', String(Math.round(milliseconds)));
  return {
    response,
    record: {
      requestId,
      time: new Date(startedAt),
      method: request.method,
      path: request.path,
      ...(match && { resourcePath: match.method.resourcePath }),
      status: response.status,
      ...(response.refusedBy && { refusedBy: response.refusedBy }),
      ...(answer.kind === 'refusal' && { responseType: answer.responseType }),
      ...(answer.rule && { rule: answer.rule }),
      stages,
      milliseconds,
    },
  };
}

async function firstAnswer(
  steps: readonly Step[],
  exchange: Exchange,
  stages: StageRecord[],
): Promise<Answer | undefined> {
  for (const step of steps) {
    const began = exchange.stopwatch();
    exchange.note = undefined;
    const answer = await runStep(step, exchange);
    stages.push(stageRecord(step, answer, exchange.note, exchange.stopwatch() - began));
    if (answer) return answer;
  }
  return undefined;
}

/** A step that fails refuses: nothing passes by a fault of ours, or of the template. */
async function runStep(step: Step, exchange: Exchange): Promise<Answer | undefined> {
  try {
    return await step.run(exchange);
  } catch (cause) {
    return {
      kind: 'refusal',
      responseType: 'API_CONFIGURATION_ERROR',
      message: 'Internal server error',
      stage: step.stage,
      rule: cause instanceof Error ? cause.message : String(cause),
    };
  }
}

function stageRecord(
  step: Step,
  answer: Answer | undefined,
  note: string | undefined,
  milliseconds: number,
): StageRecord {
  const refusedBy = answer?.kind === 'refusal' ? answer.stage : answer?.refusedBy;
  const rule = answer?.rule ?? note;
  return {
    stage: refusedBy ?? step.stage,
    verdict: refusedBy ? 'refused' : answer ? 'answered' : 'passed',
    ...(rule !== undefined && { rule }),
    milliseconds,
  };
}

function nobodyAnswered(): Answer {
  return {
    kind: 'refusal',
    responseType: 'API_CONFIGURATION_ERROR',
    message: 'Internal server error',
    stage: 'gateway',
    rule: 'no step answered',
  };
}
