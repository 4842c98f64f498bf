import { parseFile } from './document-file';
import { LoadedDocument, readText } from './loaded-document';
import { OverlaySet } from './overlay/overlay-set';

/** How a document is read from a file. */
export interface OpenApiDocumentOptions {
  /**
   * OpenAPI Overlay 1.0 files, applied in this order before anything reads the document.
   *
   * An overlay changes the document itself; a path item that stands in another file counts as written there. What else
   * stands in another file is changed by an overlay whose `extends` names that file, relative to the overlay.
   *
   * @default - none
   */
  readonly overlays?: string[];
}

/** Where a document given as text belongs. */
export interface OpenApiTextOptions extends OpenApiDocumentOptions {
  /**
   * Path that stands in messages for the text, and that its relative references start from.
   */
  readonly path: string;
}

/**
 * An OpenAPI document, 3.0 or 3.1, in YAML or JSON, possibly in several files.
 *
 * @example
 * const document = OpenApiDocument.fromFile('openapi.yaml');
 */
export class OpenApiDocument {
  /** Reads a document from a file. Files it refers to are read when they are needed. */
  public static fromFile(path: string, options: OpenApiDocumentOptions = {}): OpenApiDocument {
    return OpenApiDocument.fromString(readText(path), { ...options, path });
  }

  /** Reads a document from text. */
  public static fromString(text: string, options: OpenApiTextOptions): OpenApiDocument {
    const file = parseFile(options.path, text);
    const overlays = (options.overlays ?? []).map((path) => parseFile(path, readText(path)));
    return new OpenApiDocument(new LoadedDocument(file, new OverlaySet(overlays, file.path)));
  }

  /** @internal */
  public readonly _source: LoadedDocument;

  private constructor(source: LoadedDocument) {
    this._source = source;
  }
}
