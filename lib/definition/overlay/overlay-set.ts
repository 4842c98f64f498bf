import { resolve } from 'node:path';
import type { Problem } from '../../errors';
import type { DocumentFile } from '../document-file';
import { applyOverlays, type OddAction } from './apply-overlays';
import { type ForeignPathItem, inlinePathItems } from './inline-path-items';
import { type Overlay, readOverlay } from './read-overlay';

/** The overlays of a document, by the file each one changes. */
export class OverlaySet {
  /** Actions that do less or more than they seem to, so far. */
  public readonly odd: OddAction[] = [];

  /** By absolute path. */
  private readonly byFile = new Map<string, Overlay[]>();
  private readonly found = new Set<string>();

  /** Reads overlays; throws a `GatewayConfigurationError` if one is none. */
  constructor(files: readonly DocumentFile[], root: string) {
    for (const file of files) {
      const overlay = readOverlay(file);
      const path = resolve(overlay.extended ?? root);
      this.byFile.set(path, [...(this.byFile.get(path) ?? []), overlay]);
    }
  }

  /** A file of the document as its overlays leave it; itself if it has none. */
  public apply(file: DocumentFile): DocumentFile {
    return this.applyTo(file);
  }

  /** The same for the document itself, whose paths may stand in other files. */
  public applyToRoot(
    file: DocumentFile,
    find: (reference: string) => ForeignPathItem | undefined,
  ): DocumentFile {
    return this.applyTo(file, (value, origins) => inlinePathItems(value, file.path, origins, find));
  }

  /** Overlays of files nothing refers to: asked for once all that is referred to was read. */
  public get problems(): Problem[] {
    const unused = [...this.byFile].filter(([path]) => !this.found.has(path)).flatMap(([, list]) => list);
    return unused.map(({ file, extended }) => ({
      code: 'OVERLAY_TARGET',
      at: file.locate(['extends']),
      message: `'extends' names ${JSON.stringify(extended)}, which is no file of the document`,
      remedy:
        "write the path of a file the document refers to, relative to this overlay, or remove 'extends' to change the document itself",
    }));
  }

  private applyTo(file: DocumentFile, prepare?: Parameters<typeof applyOverlays>[2]): DocumentFile {
    const key = resolve(file.path);
    const overlays = this.byFile.get(key);
    if (!overlays) return file;

    this.found.add(key);
    const overlaid = applyOverlays(file, overlays, prepare);
    this.odd.push(...overlaid.odd);
    return overlaid.file;
  }
}
