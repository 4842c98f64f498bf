import { readFileSync } from 'node:fs';
import type { CountryResponse, Reader } from 'mmdb-lib';
import { GatewayConfigurationError } from '../../errors';
import { requirePeer } from '../optional-peer';
import { isObject, objectOf } from '../template/read';

/** Where addresses are, by databases the user gives. */
export interface Locations {
  /** ISO 3166-1 alpha-2; undefined if unknown. Absent without a database. */
  readonly country?: (address: string) => string | undefined;
  /** Number of the autonomous system. Absent without a database. */
  readonly asn?: (address: string) => number | undefined;
}

/** Reads MaxMind databases: one of countries, one of autonomous systems. */
export function readLocations(files: { readonly country?: string; readonly asn?: string }): Locations {
  const country = files.country ? openDatabase(files.country) : undefined;
  const asn = files.asn ? openDatabase(files.asn) : undefined;

  return {
    country: country && ((address) => isoCode(country(address))),
    asn: asn && ((address) => systemNumber(asn(address))),
  };
}

function openDatabase(file: string): (address: string) => unknown {
  const { Reader: Database } = requirePeer<{ readonly Reader: typeof Reader<CountryResponse> }>('mmdb-lib');
  try {
    const reader = new Database(readFileSync(file));
    return (address) => reader.get(address);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new GatewayConfigurationError([
      {
        code: 'NO_DATABASE',
        at: file,
        message: code ? `this cannot be read (${code})` : `this is no MaxMind database (${message})`,
        remedy: 'name a file in the MaxMind DB format, such as GeoLite2-Country.mmdb',
      },
    ]);
  }
}

function isoCode(record: unknown): string | undefined {
  const { country, registered_country: registered } = objectOf(record);
  const code = objectOf(isObject(country) ? country : registered)['iso_code'];

  return typeof code === 'string' ? code : undefined;
}

function systemNumber(record: unknown): number | undefined {
  const number = objectOf(record)['autonomous_system_number'];

  return typeof number === 'number' ? number : undefined;
}
