import type { LogBook } from '../logs/log-book';
import type { FunctionModel } from '../model/api';
import { type Endpoints, functionEnvironment } from './function-environment';
import { LocalFunction } from './local-function';

interface Surroundings {
  readonly region: string;
  readonly endpoints: Endpoints;
  readonly environment: Readonly<Record<string, string>>;
  readonly logs: LogBook;
  /** Present if functions are to follow this clock. */
  readonly clock: (() => number) | undefined;
  readonly stopwatch: () => number;
}

/** Starts one process for each function, by the ARNs it is invoked with. */
export function startFunctions(
  models: ReadonlyMap<string, FunctionModel>,
  { region, endpoints, environment, logs, clock, stopwatch }: Surroundings,
): ReadonlyMap<string, LocalFunction> {
  const started = new Map<string, LocalFunction>();
  return new Map(
    [...models].map(([arn, model]) => {
      const running =
        started.get(model.logicalId) ??
        new LocalFunction(model, {
          environment: functionEnvironment(model, region, endpoints, environment),
          log: (line) => logs.write(model.logGroup, line),
          stopwatch,
          ...(clock && { now: clock }),
        });
      if (!started.has(model.logicalId)) running.warm();
      started.set(model.logicalId, running);
      return [arn, running] as const;
    }),
  );
}
