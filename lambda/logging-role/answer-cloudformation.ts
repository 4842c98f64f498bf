import type { MiddlewareObj } from '@middy/core';
import type { RunContext } from '../shared/background';

/** What CloudFormation sends a custom resource, as far as its answer repeats it. */
export interface CustomResourceEvent {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
}

export interface AnswerDependencies {
  /** Of a resource that has no id yet. */
  readonly physicalId: string;
  /** Answers the status of a PUT. */
  readonly put: (url: string, body: string) => Promise<number>;
  readonly pause: (millis: number) => Promise<void>;
}

/** Time for the answer itself. */
const SPARE_MILLIS = 20_000;

const ATTEMPTS = 3;
const PAUSE_MILLIS = 1_000;

/**
 * Tells CloudFormation what became of a run, and before the time limit if it has not ended: a stack whose custom
 * resource says nothing waits for an hour. A failure that is told ends here; one that could not be told goes on to
 * Lambda, which runs the function again.
 */
export function answersCloudFormation<Event extends CustomResourceEvent>(
  dependencies: AnswerDependencies,
): MiddlewareObj<Event> {
  const open = new WeakMap<object, NodeJS.Timeout>();

  const answer = async (event: Event, context: RunContext, failure?: string) => {
    if (!open.has(context)) return;
    clearTimeout(open.get(context));
    open.delete(context);
    await putPatiently(event.ResponseURL, responseTo(event, dependencies.physicalId, failure), dependencies);
  };

  return {
    before: ({ event, context }) => {
      const tooLate = () =>
        void answer(event, context, 'the function reaches its time limit').catch(() => {});
      open.set(context, setTimeout(tooLate, Math.max(0, context.getRemainingTimeInMillis() - SPARE_MILLIS)));
    },
    after: ({ event, context }) => answer(event, context),
    onError: async ({ event, context, error }) => {
      if (!open.has(context)) return undefined;
      await answer(event, context, error?.message ?? 'unknown');
      return null;
    },
  };
}

async function putPatiently(url: string, body: string, { put, pause }: AnswerDependencies): Promise<void> {
  for (let remaining = ATTEMPTS - 1; ; remaining -= 1) {
    const status = await put(url, body).catch(() => 0);
    if (status >= 200 && status < 300) return;
    // the URL is signed, and is not told
    if (remaining === 0) throw new Error(`CloudFormation could not be answered (status ${status})`);
    await pause(PAUSE_MILLIS);
  }
}

function responseTo(event: CustomResourceEvent, physicalId: string, failure: string | undefined): string {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = physicalId } = event;
  return JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    ...(failure !== undefined && { Reason: failure }),
    StackId,
    RequestId,
    LogicalResourceId,
    PhysicalResourceId,
  });
}
