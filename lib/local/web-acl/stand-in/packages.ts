import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayConfigurationError } from '../../../errors';
import { FAMILY_NUMBERS } from './groups';

/** nginx, ModSecurity and the OWASP Core Rule Set, as Debian and Ubuntu install them. */
export interface StandInPackages {
  /** For banner and records, for example `OWASP CRS 3.3.4`. */
  readonly name: string;
  /** Files of rules to load, in order. */
  readonly files: readonly string[];
  /** What a match of a rule scores, by its number. */
  readonly scores: ReadonlyMap<number, number>;
}

export const NGINX = '/usr/sbin/nginx';
export const MODULE = '/usr/lib/nginx/modules/ngx_http_modsecurity_module.so';
/** Ends a process with the one that started it. */
export const SETPRIV = '/usr/bin/setpriv';

export const RULES = '/usr/share/modsecurity-crs/rules';

const INSTALL = 'apt-get install nginx-light libnginx-mod-http-modsecurity modsecurity-crs';

/** The scores of the OWASP rules' own set-up. */
const SCORES: Readonly<Record<string, number>> = { CRITICAL: 5, ERROR: 4, WARNING: 3, NOTICE: 2 };

/** Sets the rules' variables; the families follow. */
const PREPARATIONS = [901, 905];

/** Finds the packages; one line says what to install where they are missing. */
export function findPackages(rules = RULES): StandInPackages {
  const missing = [NGINX, MODULE, SETPRIV, rules].find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new GatewayConfigurationError([
      {
        code: 'MISSING_PACKAGE',
        at: '--crs',
        message: `the OWASP rules cannot stand in for AWS's managed groups: ${missing} is missing`,
        remedy: INSTALL,
      },
    ]);
  }
  const wanted = [...PREPARATIONS, ...FAMILY_NUMBERS];
  const files = readdirSync(rules)
    .filter((file) => wanted.includes(Number(/^REQUEST-(\d{3})-.*\.conf$/.exec(file)?.[1])))
    .sort()
    .map((file) => join(rules, file));
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const version = texts.map((text) => /ver:'OWASP_CRS\/([\d.]+)'/.exec(text)?.[1]).find(Boolean);

  return {
    name: `OWASP CRS ${version ?? 'of unknown version'}`,
    files,
    scores: new Map(texts.flatMap(scoresIn)),
  };
}

/** Rules that steer the others have no severity, and score nothing. */
function scoresIn(text: string): (readonly [number, number])[] {
  const [, ...rules] = text.split(/\bid:(?=\d)/);

  return rules.flatMap((rule) => {
    const score = SCORES[/severity:'(\w+)'/.exec(rule)?.[1] ?? ''];
    return score === undefined ? [] : [[Number.parseInt(rule, 10), score] as const];
  });
}
