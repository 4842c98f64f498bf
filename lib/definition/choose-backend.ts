import type { Operation } from './operation';
import type { Report } from './report';
import type { Settings } from './setting';
import { choice, listed, suggestion } from './suggestion';

/** Name of the backend an operation goes to; the only one there is for operations that name none. */
export function chooseBackend(
  operation: Operation,
  settings: Settings,
  backends: readonly string[],
  report: Report,
): string {
  const { backend } = settings;
  if (!backend) {
    const [only] = backends;
    if (only !== undefined && backends.length === 1) return only;

    report.problem(
      'NO_BACKEND',
      operation.node,
      `${operation.name} names no backend, and there are ${backends.length} to choose from`,
      backends.length > 0
        ? `add 'x-gateway: { backend: <name> }' with ${listed(backends)}, here or at the root`
        : "add one to 'backends'",
    );
    return '';
  }
  if (!backends.includes(backend.value)) {
    report.problem(
      'UNKNOWN_BACKEND',
      backend.place,
      `there is no backend ${JSON.stringify(backend.value)}${suggestion(backend.value, backends)}`,
      `${choice('use', backends)}add it to 'backends'`,
    );
  }
  return backend.value;
}
