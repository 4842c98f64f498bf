import type { SizeClass } from './compiled-api';
import { asObject } from './json-pointer';
import { essence, isJson, isMediaType } from './media-types';
import type { Operation } from './operation';
import { FindingSeverity, type Report } from './report';
import type { Settings } from './setting';
import type { DocumentSource, Sourced } from './source';
import { listed } from './suggestion';

/** What the document says of an operation's request body. */
export interface OperationBody {
  readonly place: Sourced;
  readonly required: boolean;
  /** Lower case, without parameters, each with its schema if it is JSON and has one. */
  readonly content: readonly { readonly mediaType: string; readonly schema?: Sourced }[];
  /** Absent: beyond what the web ACL can measure. */
  readonly sizeClass?: SizeClass;
  readonly uninspected?: string;
}

const SIZE_CLASSES: readonly SizeClass[] = ['16', '32', '64'];
const DEFAULT_MAXIMUM_BYTES = 64 * 1024;
const BODILESS = ['GET', 'HEAD', 'TRACE'];

/** Reads an operation's request body; undefined if it takes none. */
export function readBody(
  operation: Operation,
  settings: Settings,
  source: DocumentSource,
  report: Report,
): OperationBody | undefined {
  const declared = source.child(operation.node, 'requestBody');
  if (declared.value === undefined) return undefined;

  const place = source.deref(declared);
  if (BODILESS.includes(operation.method)) {
    report.finding(declared, {
      code: 'BODY_IGNORED',
      severity: FindingSeverity.WARNING,
      operation: operation.name,
      message: `a body of ${operation.method} has no meaning in HTTP and is not described to the gateway`,
      remedy: "use another method, or remove 'requestBody'",
    });
    return undefined;
  }
  const content = readContent(operation, source.child(place, 'content'), source, report);
  const uninspected = settings.uninspected?.value;
  if (uninspected === undefined) requireInspectable(operation, place, content, source, report);
  const sizeClass = readSizeClass(operation, settings, report);
  return {
    place,
    required: source.child(place, 'required').value === true,
    content,
    ...(sizeClass ? { sizeClass } : {}),
    ...(uninspected === undefined ? {} : { uninspected }),
  };
}

function readContent(
  operation: Operation,
  place: Sourced,
  source: DocumentSource,
  report: Report,
): OperationBody['content'] {
  const content = Object.keys(asObject(place.value) ?? {}).flatMap((key) => {
    const mediaType = essence(key);
    if (!isMediaType(mediaType)) {
      report.problem(
        'MEDIA_TYPE',
        source.child(place, key),
        `${operation.name} takes ${JSON.stringify(key)}, which is no single media type`,
        "name each media type, such as 'application/json': a range cannot be held",
      );
      return [];
    }
    const schema = source.child(place, key, 'schema');
    return [{ mediaType, ...(isJson(mediaType) && schema.value !== undefined ? { schema } : {}) }];
  });
  if (
    content.length === 0 &&
    place.value !== undefined &&
    Object.keys(asObject(place.value) ?? {}).length > 0
  ) {
    return [];
  }
  if (content.length === 0) {
    report.problem(
      'MEDIA_TYPE',
      place,
      `${operation.name} takes a body of no media type`,
      "name one under 'content', or remove 'requestBody'",
    );
  }
  return content;
}

function requireInspectable(
  operation: Operation,
  place: Sourced,
  content: OperationBody['content'],
  source: DocumentSource,
  report: Report,
): void {
  const opaque = content.map(({ mediaType }) => mediaType).filter((mediaType) => !isJson(mediaType));
  if (opaque.length === 0) return;

  report.problem(
    'BODY_NOT_INSPECTED',
    source.child(place, 'content'),
    `${operation.name} takes ${listed(opaque)}, which API Gateway cannot validate`,
    'take JSON only, or say why that may be: \'x-gateway: { uninspected: "<reason>" }\'',
  );
}

function readSizeClass(operation: Operation, settings: Settings, report: Report): SizeClass | undefined {
  const bytes = settings.maxBody?.value ?? DEFAULT_MAXIMUM_BYTES;
  const sizeClass = SIZE_CLASSES.find((kilobytes) => bytes <= Number(kilobytes) * 1024);
  if (!sizeClass && !settings.uninspected) {
    report.problem(
      'BODY_TOO_LARGE',
      settings.maxBody?.place ?? operation.node,
      `${operation.name} takes bodies of ${bytes} bytes; the web ACL sees no further than 65536`,
      "lower 'maxBody' to '64KB', or say why more may pass unseen: 'x-gateway: { uninspected: \"<reason>\" }'",
    );
  }
  return sizeClass;
}
