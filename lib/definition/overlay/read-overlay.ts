import { GatewayConfigurationError, type Problem } from '../../errors';
import type { DocumentFile } from '../document-file';
import { asObject, member } from '../json-pointer';
import { listed, shown, suggestion } from '../suggestion';

/** One action of an overlay, as written. */
export interface OverlayAction {
  readonly target: string;
  readonly remove: boolean;
  readonly update?: unknown;
  /** Where the action stands in its file. */
  readonly tokens: readonly string[];
}

const VERSION = /^1\.[01]\.\d+$/;
const KEYS = ['target', 'description', 'update', 'remove'];

/** Reads the actions of an OpenAPI Overlay file; throws a `GatewayConfigurationError` with all its faults. */
export function readOverlay(file: DocumentFile): OverlayAction[] {
  const problems: Problem[] = [];
  const report = (tokens: readonly string[], message: string, remedy: string): void => {
    problems.push({ code: 'INVALID_OVERLAY', at: file.locate(tokens), message, remedy });
  };
  const version = member(file.value, 'overlay');
  if (typeof version !== 'string' || !VERSION.test(version)) {
    report(
      ['overlay'],
      `'overlay' is ${shown(version)}`,
      "write 'overlay: 1.0.0': OpenAPI Overlay 1.0 is read here",
    );
  }
  const given = member(file.value, 'actions');
  if (!Array.isArray(given)) {
    report(
      ['actions'],
      `'actions' is ${shown(given)}`,
      "write a list of '{ target, update }' or '{ target, remove }'",
    );
  }
  const actions = (Array.isArray(given) ? given : []).flatMap((action: unknown, index) =>
    readAction(action, ['actions', String(index)], report),
  );
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
  return actions;
}

function readAction(
  action: unknown,
  tokens: readonly string[],
  report: (tokens: readonly string[], message: string, remedy: string) => void,
): OverlayAction[] {
  const entries = asObject(action);
  if (!entries) {
    report(
      tokens,
      `an action is ${shown(action)}`,
      "write '{ target, update }' or '{ target, remove: true }'",
    );
    return [];
  }
  for (const key of Object.keys(entries)) {
    if (KEYS.includes(key) || key.startsWith('x-')) continue;
    report(
      [...tokens, key],
      `an action has no key ${JSON.stringify(key)}${suggestion(key, KEYS)}`,
      `use ${listed(KEYS)}`,
    );
  }
  const { target, update, remove = false } = entries;
  if (typeof target !== 'string') {
    report(
      [...tokens, 'target'],
      `'target' is ${shown(target)}`,
      "write a JSONPath, such as '$.paths[*].get'",
    );
  }
  if (typeof remove !== 'boolean') {
    report([...tokens, 'remove'], `'remove' is ${shown(remove)}`, "write 'true' or 'false'");
  }
  if (update === undefined && remove === false) {
    report(tokens, 'an action neither updates nor removes', "add 'update' or 'remove: true'");
  }
  return [{ target: String(target), remove: remove === true, update, tokens }];
}
