import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { markupFinder, type Native, tokenFinder } from './matched-data';

/** Tells attacks from other text: what it matched, or undefined where there is none. Bytes as Latin-1. */
export interface Detectors {
  readonly sqlInjection: (bytes: string) => readonly string[] | undefined;
  readonly crossSiteScripting: (bytes: string) => readonly string[] | undefined;
}

const LIBRARY = 'libmodsecurity.so.3';

/** Where Debian and its kin put the library; it exports libinjection, whose tokens AWS WAF's log shows as matched data. */
const FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

const FINGERPRINT_BYTES = 16;

/** Whether injection is judged here. */
export const detectsInjection = (): boolean => loadDetectors() !== undefined;

/** Loads libinjection where it is installed, with `koffi` to call it; else undefined, and injection is not judged. */
export function loadDetectors(folders: readonly string[] = FOLDERS): Detectors | undefined {
  const library = folders.map((folder) => `${folder}/${LIBRARY}`).find(existsSync);
  const koffi = library ? loadKoffi() : undefined;
  if (!library || !koffi) return undefined;

  const native = koffi.load(library);
  const sql = native.func('int libinjection_sqli(const char *input, size_t length, _Out_ char *fingerprint)');
  const scripting = native.func('int libinjection_xss(const char *input, size_t length)');
  const fingerprint = Buffer.alloc(FINGERPRINT_BYTES);
  const tokens = tokenFinder(native);
  const markup = markupFinder(native);

  return {
    sqlInjection(bytes) {
      const input = Buffer.from(bytes, 'latin1');
      return sql(input, input.length, fingerprint) === 1 ? tokens(input) : undefined;
    },
    crossSiteScripting(bytes) {
      const input = Buffer.from(bytes, 'latin1');
      return scripting(input, input.length) === 1 ? markup(input) : undefined;
    },
  };
}

interface Koffi {
  load(path: string): Native;
}

function loadKoffi(): Koffi | undefined {
  try {
    return createRequire(__filename)('koffi');
  } catch {
    return undefined;
  }
}
