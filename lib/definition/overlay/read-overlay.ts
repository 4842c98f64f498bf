import { dirname, join } from 'node:path';
import { GatewayConfigurationError, type Problem } from '../../errors';
import type { DocumentFile } from '../document-file';
import { asObject, member } from '../json-pointer';
import { listed, shown, suggestion } from '../suggestion';

/** An overlay, read. */
export interface Overlay {
  readonly file: DocumentFile;
  readonly actions: readonly OverlayAction[];
  /** Path of the file it changes; undefined for the document itself. */
  readonly extended?: string;
}

/** One action of an overlay, as written. */
export interface OverlayAction {
  readonly target: string;
  readonly remove: boolean;
  readonly update?: unknown;
  /** Where the action stands in its file. */
  readonly tokens: readonly string[];
}

type Reporter = (tokens: readonly string[], message: string, remedy: string) => void;

const VERSION = /^1\.[01]\.\d+$/;
const KEYS = ['target', 'description', 'update', 'remove'];

/** Reads an OpenAPI Overlay file; throws a `GatewayConfigurationError` with all its faults. */
export function readOverlay(file: DocumentFile): Overlay {
  const problems: Problem[] = [];
  const report: Reporter = (tokens, message, remedy) => {
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
  const extended = readExtended(file, report);
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
  return { file, actions, ...(extended === undefined ? {} : { extended }) };
}

/** `extends` names the file an overlay changes, seen from the overlay. */
function readExtended(file: DocumentFile, report: Reporter): string | undefined {
  const named = member(file.value, 'extends');
  // an address says where the document was published; here a copy of it is changed
  if (named === undefined || (typeof named === 'string' && /^https?:/i.test(named))) return undefined;

  const path = typeof named === 'string' ? decoded(named) : undefined;
  if (path) return join(dirname(file.path), path);
  report(
    ['extends'],
    `'extends' is ${shown(named)}`,
    "write the path of a file of the document, relative to this overlay, or remove 'extends' to change the document itself",
  );
  return undefined;
}

/** A relative reference as a path; undefined if it is none. */
function decoded(reference: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]+:|[#?]/i.test(reference)) return undefined;
  try {
    return decodeURIComponent(reference);
  } catch {
    return undefined;
  }
}

function readAction(action: unknown, tokens: readonly string[], report: Reporter): OverlayAction[] {
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
