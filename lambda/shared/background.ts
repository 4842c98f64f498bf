import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';

/** The part of Lambda's context that is used here. */
export type RunContext = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

/** How long before a run is cut off it says so. */
const SPARE_MILLIS = 1_000;

/**
 * A function that no client waits for: of a schedule, a rotation, a deployment. A run that fails leaves one line, and
 * the error that goes on to Lambda, which logs it whole, quotes nothing that was read. A run that reaches its time
 * limit leaves a line too, and is then cut off by Lambda: to end it early here would let it go on in the next one.
 */
export function background<Event, Answer>(
  run: (event: Event) => Promise<Answer>,
  middlewares: readonly MiddlewareObj<Event>[] = [],
  // console.log would put the runtime's prefix before the line
  write: (line: string) => void = (line) => process.stdout.write(line),
): (event: Event, context: RunContext) => Promise<Answer> {
  const composed = middy<Event, Answer>({ timeoutEarlyInMillis: 0 })
    .use([...middlewares, failuresTold<Event>(write)])
    .handler((event) => run(event));
  return (event, context) => composed(event, context as Context);
}

/** Innermost, so that what others do with a failure finds it as it is told. */
function failuresTold<Event>(write: (line: string) => void): MiddlewareObj<Event> {
  const timers = new WeakMap<object, NodeJS.Timeout>();
  const tell = (message: string, context: RunContext, reason?: string) =>
    write(`${JSON.stringify({ level: 'ERROR', message, requestId: context.awsRequestId, reason })}\n`);

  return {
    before: ({ context }) => {
      const timer = setTimeout(
        () => tell('run reaches its time limit', context),
        Math.max(0, context.getRemainingTimeInMillis() - SPARE_MILLIS),
      );
      timers.set(context, timer.unref());
    },
    after: ({ context }) => clearTimeout(timers.get(context)),
    onError: (request) => {
      clearTimeout(timers.get(request.context));
      request.error = withoutWhatWasRead(request.error);
      tell('run failed', request.context, `${request.error.name}: ${request.error.message}`);
    },
  };
}

/** Errors of the platform carry what they were given: a parser's message quotes the text, a URL's has it as a property. */
function withoutWhatWasRead(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error('what was thrown is not an error');

  const told = new Error(messageOf(thrown));
  told.name = thrown.name;
  const frames = thrown.stack?.indexOf('\n    at ') ?? -1;
  told.stack = `${told.name}: ${told.message}${frames < 0 ? '' : thrown.stack?.slice(frames)}`;
  return told;
}

function messageOf(thrown: NodeJS.ErrnoException): string {
  if (thrown instanceof SyntaxError) return 'what was read is malformed';
  if (thrown.message !== '') return thrown.message;
  // of several addresses that were tried there is a code and no message
  return /^[A-Z][A-Z0-9_]*$/.test(thrown.code ?? '') ? String(thrown.code) : '';
}
