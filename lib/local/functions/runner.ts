/**
 * The program of a function's process: loads the handler and runs one invocation a message.
 *
 * A text and not a file, so that it runs the same under tsx, jest and the built package, none of which agree
 * on what a module's source is.
 */
export const RUNNER = `
'use strict';
const { resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const [file, name] = [process.env.LAMBDA_TASK_ROOT, process.env._HANDLER];
const dot = name.lastIndexOf('.');
let offset = 0;
const RealDate = Date;

// with an injected clock, this process tells its time
function followClock(now) {
  if (now === undefined) return;
  offset = now - RealDate.now();
  if (globalThis.Date !== RealDate) return;
  globalThis.Date = class extends RealDate {
    constructor(...parts) { parts.length === 0 ? super(RealDate.now() + offset) : super(...parts); }
    static now() { return RealDate.now() + offset; }
  };
}

async function load() {
  const path = resolve(file, name.slice(0, dot));
  const exported = await Promise.resolve()
    .then(() => require(path))
    .catch((error) => {
      const esm = error.code === 'ERR_REQUIRE_ESM' || (error.code === 'MODULE_NOT_FOUND' && error.message.includes(path));
      if (!esm) throw error;
      return import(pathToFileURL(path + '.mjs').href);
    });
  const handler = exported[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(name + ' is not a function');
  return handler;
}

let loaded;
process.on('disconnect', () => process.exit(0));
process.on('message', async ({ id, event, context, deadline, now }) => {
  followClock(now);
  try {
    loaded ??= load();
    const handler = await loaded;
    const getRemainingTimeInMillis = () => Math.max(0, deadline - RealDate.now());
    const result = await new Promise((done, failed) => {
      const callback = (error, value) => (error ? failed(error) : done(value));
      const answer = handler(event, { ...context, getRemainingTimeInMillis }, callback);
      if (answer && typeof answer.then === 'function') answer.then(done, failed);
      else if (handler.length < 3) done(answer);
    });
    process.send({ id, result: result === undefined ? null : result });
  } catch (error) {
    const { name: errorType = 'Error', message: errorMessage = String(error), stack } = Object(error);
    console.error(JSON.stringify({ errorType, errorMessage, stack }));
    process.send({ id, error: { errorType, errorMessage } });
  }
});
loaded = load();
// a handler that does not load says so at each invocation
loaded.catch(() => {}).then(() => process.send({ ready: true }));
`;
