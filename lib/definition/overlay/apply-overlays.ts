import { GatewayConfigurationError, type Problem } from '../../errors';
import { type DocumentFile, requireSafe } from '../document-file';
import { asObject, member, pointerBelow } from '../json-pointer';
import { shown } from '../suggestion';
import { copyOf, sizeOf } from './copy';
import { explainMiss } from './explain-miss';
import { mergeUpdate } from './merge-update';
import { Origins } from './origins';
import type { Overlay, OverlayAction } from './read-overlay';
import { selectNodes } from './select-nodes';

/** An action that selected nothing, or that does less or more than it seems to. */
export interface OddAction {
  readonly code: 'OVERLAY_WITHOUT_TARGET' | 'OVERLAY_ADDS_ALTERNATIVE';
  /** `file:line:column`. */
  readonly at: string;
  readonly file: string;
  readonly pointer: string;
  readonly target: string;
}

/** A file with overlays applied, and what was odd about them. */
export interface OverlaidFile {
  readonly file: DocumentFile;
  readonly odd: readonly OddAction[];
}

/** Values that overlays may insert: more than any document has, less than memory holds. */
const MAXIMUM_INSERTED = 2_000_000;

/**
 * Applies overlays, one after the other, to a copy of a file.
 *
 * Whatever an overlay wrote is located in the overlay, everything else where it was: `origins` says so of what the
 * copy already has from elsewhere.
 */
export function applyOverlays(
  original: DocumentFile,
  overlays: readonly Overlay[],
  prepare: (value: unknown, origins: Origins) => void = () => {},
): OverlaidFile {
  const value = copyOf(original.value);
  const origins = new Origins({ file: original, tokens: [] });
  prepare(value, origins);
  const odd: OddAction[] = [];
  const problems: Problem[] = [];
  let inserted = 0;

  for (const overlay of overlays) {
    for (const action of overlay.actions) applyAction(action, overlay.file);
  }
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
  requireSafe(value, original.path);
  const locate = (tokens: readonly string[]) => {
    const origin = origins.of(value, tokens);
    return origin.file.locate(origin.tokens);
  };
  return { file: { path: original.path, value, locate }, odd };

  function applyAction(action: OverlayAction, overlay: DocumentFile): void {
    const selection = selectNodes(value, action.target);
    if ('fault' in selection) {
      fault(action, overlay, selection.fault, selection.remedy);
      // one such wait is enough
      if (selection.slow) throw new GatewayConfigurationError(problems);
      return;
    }
    const { paths, single } = selection;
    if (paths.length === 0) nothing(action, overlay, single);
    else if (action.remove) remove(action, overlay, paths);
    else update(action, overlay, paths);
  }

  /** Who names one place means it to be there: without it, a rule would be missing and nobody told. */
  function nothing(action: OverlayAction, overlay: DocumentFile, single?: readonly string[]): void {
    if (single) {
      const { why, remedy } = explainMiss(value, single);
      fault(action, overlay, `selects nothing: ${why}`, remedy);
      return;
    }
    odd.push(oddity('OVERLAY_WITHOUT_TARGET', action, overlay));
  }

  function update(action: OverlayAction, overlay: DocumentFile, paths: readonly (readonly string[])[]): void {
    const targets = paths.map((path) => path.reduce<unknown>(member, value));
    const unfit = targets.filter((target) => !canTake(target, action.update));
    if (unfit.length > 0) {
      const others = unfit.length > 1 ? ` (and ${unfit.length - 1} more of the kind)` : '';
      const what = `selects ${shown(unfit[0])}${others}, which cannot be merged with ${shown(action.update)}`;
      fault(action, overlay, what, 'select the object it stands in, and write its key into the update');
      return;
    }
    inserted += paths.length * sizeOf(action.update);
    if (inserted > MAXIMUM_INSERTED) {
      const what = `selects ${paths.length} places, so that more than ${MAXIMUM_INSERTED} values would be inserted`;
      if (problems.length === 0) fault(action, overlay, what, 'select fewer places');
      return;
    }
    if (targets.some((target) => joinsSecurity(target, action.update))) {
      odd.push(oddity('OVERLAY_ADDS_ALTERNATIVE', action, overlay));
    }
    const origin = { file: overlay, tokens: [...action.tokens, 'update'] };
    for (const target of targets) mergeUpdate(target as object, action.update, origin, origins);
  }

  function remove(action: OverlayAction, overlay: DocumentFile, paths: readonly (readonly string[])[]): void {
    // from behind, so that the indices of those still to be removed hold
    for (const path of [...paths].reverse()) {
      const key = path[path.length - 1];
      const holderPath = path.slice(0, -1);
      const holder = holderPath.reduce<unknown>(member, value);
      if (key === undefined) {
        fault(action, overlay, 'selects the whole document', 'select what is to be removed');
      } else if (Array.isArray(holder)) {
        if (Number(key) < holder.length) {
          origins.removeElement(holder, Number(key), origins.of(value, holderPath));
        }
      } else if (asObject(holder)) {
        delete (holder as Record<string, unknown>)[key];
      }
    }
  }

  function fault(action: OverlayAction, overlay: DocumentFile, what: string, remedy: string): void {
    problems.push({
      code: 'OVERLAY_TARGET',
      at: overlay.locate([...action.tokens, 'target']),
      message: `target ${shown(action.target)} ${what}`,
      remedy,
    });
  }
}

function canTake(target: unknown, update: unknown): boolean {
  if (typeof target !== 'object' || target === null) return false;
  return Array.isArray(target) || asObject(update) !== undefined;
}

function oddity(
  code: OddAction['code'],
  { tokens, target }: OverlayAction,
  { path, locate }: DocumentFile,
): OddAction {
  return { code, at: locate(tokens), file: path, pointer: tokens.reduce(pointerBelow, ''), target };
}

/** Lists are joined, and requirements in a list are alternatives: whoever meant to ask for more asks for less. */
function joinsSecurity(target: unknown, update: unknown): boolean {
  return Object.entries(asObject(update) ?? {}).some(([key, value]) => {
    const present = member(target, key);
    if (key !== 'security') return joinsSecurity(present, value);
    return Array.isArray(present) && present.length > 0 && Array.isArray(value) && value.length > 0;
  });
}
