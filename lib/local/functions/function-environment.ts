import type { FunctionModel } from '../model/api';

/** Where AWS services are reached here, by the variable that the SDKs read. */
export type Endpoints = Readonly<Record<`AWS_ENDPOINT_URL${string}`, string>>;

/** Of this process's variables, those that a function may see. */
const HANDED_ON = ['NODE_EXTRA_CA_CERTS'];

/** The variables a function's process is started with: the template's, Lambda's own, and where services are. */
export function functionEnvironment(
  model: FunctionModel,
  region: string,
  endpoints: Endpoints,
  additional: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const handedOn = HANDED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(handedOn),
    ...model.environment,
    ...endpoints,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // no request leaves this machine with them
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: model.logGroup,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    LAMBDA_TASK_ROOT: model.folder,
    _HANDLER: model.handler,
    TZ: 'UTC',
    ...additional,
  };
}
