import type { JsonValue } from 'jsonpath-rfc9535';
import { GatewayConfigurationError, type Problem } from '../../errors';
import { type DocumentFile, requireSafe } from '../document-file';
import { asObject, member } from '../json-pointer';
import { shown } from '../suggestion';
import { copyOf } from './copy';
import { mergeUpdate } from './merge-update';
import { Origins } from './origins';
import { type OverlayAction, readOverlay } from './read-overlay';

/** A document with its overlays applied, and what was odd about them. */
export interface OverlaidFile {
  readonly file: DocumentFile;
  /** Places of actions that matched nothing. */
  readonly idle: readonly { readonly at: string; readonly pointer: string; readonly target: string }[];
}

/**
 * Applies overlays, one after the other, to a copy of the document.
 *
 * Whatever an overlay wrote is located in the overlay, everything else where it was.
 */
export function applyOverlays(original: DocumentFile, overlays: readonly DocumentFile[]): OverlaidFile {
  const value = copyOf(original.value);
  const origins = new Origins({ file: original, tokens: [] });
  // loaded only here: every synthesis without overlays would wait for it
  const { exec } = require('jsonpath-rfc9535') as typeof import('jsonpath-rfc9535');
  const idle: { at: string; pointer: string; target: string }[] = [];
  const problems: Problem[] = [];

  for (const overlay of overlays) {
    for (const action of readOverlay(overlay)) {
      const found = applyAction(action, overlay);
      if (found === 0) {
        const at = overlay.locate(action.tokens);
        idle.push({ at, pointer: `/${action.tokens.join('/')}`, target: action.target });
      }
    }
  }
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
  requireSafe(value, original.path);
  const locate = (tokens: readonly string[]) => {
    const origin = origins.of(value, tokens);
    return origin.file.locate(origin.tokens);
  };
  return { file: { path: original.path, value, locate }, idle };

  function applyAction(action: OverlayAction, overlay: DocumentFile): number {
    const paths = find(action, overlay);
    if (action.remove) remove(action, overlay, paths);
    else {
      const origin = { file: overlay, tokens: [...action.tokens, 'update'] };
      for (const path of paths) {
        const target = path.reduce<unknown>(member, value);
        if (typeof target === 'object' && target !== null && canTake(target, action.update)) {
          mergeUpdate(target, action.update, origin, origins);
        } else {
          fault(
            action,
            overlay,
            `selects ${shown(target)}, which cannot be merged with the update`,
            'select the object or the list it stands in',
          );
        }
      }
    }
    return paths.length;
  }

  function find(action: OverlayAction, overlay: DocumentFile): string[][] {
    const paths: string[][] = [];
    try {
      exec(value as JsonValue, action.target, (_, path) => paths.push(path.map(String)));
    } catch (error) {
      fault(
        action,
        overlay,
        `is no JSONPath: ${error instanceof Error ? error.message.slice(0, 120) : 'unknown fault'}`,
        'write one of RFC 9535',
      );
    }
    return paths;
  }

  function remove(action: OverlayAction, overlay: DocumentFile, paths: readonly string[][]): void {
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
      message: `target ${JSON.stringify(action.target)} ${what}`,
      remedy,
    });
  }
}

function canTake(target: object, update: unknown): boolean {
  return Array.isArray(target) || asObject(update) !== undefined;
}
