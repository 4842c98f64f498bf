import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Tells attacks from other text. Bytes as Latin-1. */
export interface Detectors {
  readonly sqlInjection: (bytes: string) => boolean;
  readonly crossSiteScripting: (bytes: string) => boolean;
}

const LIBRARY = 'libmodsecurity.so.3';

/** Where Debian and its kin put the library; it exports libinjection, on which AWS WAF's own detection is modelled. */
const FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

const FINGERPRINT_BYTES = 16;

/** Loads libinjection where it is installed, with `koffi` to call it; else undefined, and injection is not judged. */
export function loadDetectors(folders: readonly string[] = FOLDERS): Detectors | undefined {
  const library = folders.map((folder) => `${folder}/${LIBRARY}`).find(existsSync);
  const koffi = library ? loadKoffi() : undefined;
  if (!library || !koffi) return undefined;

  const functions = koffi.load(library);
  const sql = functions.func(
    'int libinjection_sqli(const char *input, size_t length, _Out_ char *fingerprint)',
  );
  const scripting = functions.func('int libinjection_xss(const char *input, size_t length)');
  const fingerprint = Buffer.alloc(FINGERPRINT_BYTES);

  return {
    sqlInjection(bytes) {
      const input = Buffer.from(bytes, 'latin1');
      return sql(input, input.length, fingerprint) === 1;
    },
    crossSiteScripting(bytes) {
      const input = Buffer.from(bytes, 'latin1');
      return scripting(input, input.length) === 1;
    },
  };
}

interface Koffi {
  load(path: string): { func(declaration: string): (...values: readonly unknown[]) => unknown };
}

function loadKoffi(): Koffi | undefined {
  try {
    return createRequire(__filename)('koffi');
  } catch {
    return undefined;
  }
}
