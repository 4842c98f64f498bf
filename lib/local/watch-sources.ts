import { watch } from 'node:fs';

/** Folders whose changes are made by the app itself or do not concern it. */
const IGNORED = /(^|\/)(node_modules|cdk\.out[^/]*|dist|coverage|\.[^/]+)(\/|$)/;

/** An editor writes a file in several steps. */
const PAUSE_MILLIS = 200;

/** Calls `changed` after files below a folder have changed, once for changes close together and never twice at once. */
export function watchSources(folder: string, changed: () => Promise<void>): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;

  const run = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    await changed();
    running = false;
    if (again) {
      again = false;
      await run();
    }
  };

  const watcher = watch(folder, { recursive: true }, (_, file) => {
    if (file === null || !isSource(file)) return;
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE_MILLIS);
  });
  return {
    close: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** Whether a change of a file, named from the watched folder, is one of the app's sources. */
export function isSource(file: string): boolean {
  return !IGNORED.test(file.replaceAll('\\', '/'));
}
