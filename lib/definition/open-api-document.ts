import { parseFile } from './document-file';
import { LoadedDocument, readText } from './loaded-document';
import { applyOverlays } from './overlay/apply-overlays';

/** How a document is read from a file. */
export interface OpenApiDocumentOptions {
  /**
   * OpenAPI Overlay 1.0 files, applied in this order before anything reads the document.
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
    const { overlays = [] } = options;
    if (overlays.length === 0) return new OpenApiDocument(new LoadedDocument(file));

    const overlaid = applyOverlays(
      file,
      overlays.map((path) => parseFile(path, readText(path))),
    );
    return new OpenApiDocument(new LoadedDocument(overlaid.file, overlaid.idle));
  }

  /** @internal */
  public readonly _source: LoadedDocument;

  private constructor(source: LoadedDocument) {
    this._source = source;
  }
}
