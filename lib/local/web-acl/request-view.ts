import type { WebAclRequest } from './index';

/** Most bytes and entries of headers, and of cookies, that WAF looks at (aws-facts 7.10). */
const MAXIMUM_BYTES = 8 * 1024;
const MAXIMUM_ENTRIES = 200;

/** A list of names and values as WAF sees it: cut off where it stops looking. */
export interface Entries {
  readonly entries: readonly (readonly [name: string, value: string])[];
  readonly oversize: boolean;
}

/** What AWS's log calls a part that reaches beyond WAF's sight. */
export type OversizeField = 'REQUEST_BODY' | 'REQUEST_JSON_BODY' | 'REQUEST_HEADERS' | 'REQUEST_COOKIES';

/** A request taken apart the way WAF's fields need it, each part once. All texts are bytes as Latin-1. */
export class RequestView {
  /** Parts that were inspected and are larger than what WAF looks at. */
  public readonly oversizeFields = new Set<OversizeField>();

  private seenHeaders?: Entries;
  private seenCookies?: Entries;
  private seenArguments?: Entries['entries'];
  private seenBody?: { readonly bytes: string; readonly oversize: boolean };

  constructor(
    public readonly request: WebAclRequest,
    private readonly inspectedBody: number,
  ) {}

  /** Names in lower case, in the order they came. */
  public get headers(): Entries {
    this.seenHeaders ??= cutOff(
      this.request.headers.map(([name, value]) => [name.toLowerCase(), bytesOf(value)] as const),
    );

    return this.seenHeaders;
  }

  public get cookies(): Entries {
    this.seenCookies ??= cutOff(
      this.valuesOf('cookie').flatMap((line) => line.split(';').map((pair) => pairOf(pair.trim()))),
    );

    return this.seenCookies;
  }

  /** Names and values as they came, not decoded: that is what transformations are for. */
  public get queryArguments(): Entries['entries'] {
    this.seenArguments ??= this.request.rawQuery
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => pairOf(bytesOf(pair)));

    return this.seenArguments;
  }

  public get body(): { readonly bytes: string; readonly oversize: boolean } {
    const { body } = this.request;
    this.seenBody ??= {
      bytes: body.toString('latin1', 0, this.inspectedBody),
      oversize: body.length > this.inspectedBody,
    };

    return this.seenBody;
  }

  /** Keeps for the log that an inspected part is too large. */
  public isOver(field: OversizeField): true {
    this.oversizeFields.add(field);

    return true;
  }

  /** Every value of a header, whatever its spelling, in full. */
  public valuesOf(name: string): readonly string[] {
    const wanted = name.toLowerCase();

    return this.request.headers
      .filter(([key]) => key.toLowerCase() === wanted)
      .map(([, value]) => bytesOf(value));
  }
}

/** Node's headers are Latin-1 already; other characters come from callers of this module. */
export function bytesOf(text: string): string {
  return /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

function pairOf(pair: string): readonly [string, string] {
  const separator = pair.indexOf('=');

  return separator < 0 ? [pair, ''] : [pair.slice(0, separator), pair.slice(separator + 1)];
}

function cutOff(all: Entries['entries']): Entries {
  const entries: (readonly [string, string])[] = [];
  let bytes = 0;
  for (const entry of all) {
    if (entries.length === MAXIMUM_ENTRIES) return { entries, oversize: true };
    const [name, value] = entry;
    const room = MAXIMUM_BYTES - bytes;
    bytes += name.length + value.length;
    // sight ends in the middle of an entry too
    if (bytes > MAXIMUM_BYTES) {
      const seen = [name.slice(0, room), value.slice(0, Math.max(0, room - name.length))] as const;
      return { entries: room > 0 ? [...entries, seen] : entries, oversize: true };
    }
    entries.push(entry);
  }

  return { entries, oversize: false };
}
