import { EXTENSION } from './check-extension-names';
import { asObject } from './json-pointer';
import type { Operation } from './operation';
import { EXTENSION_READERS } from './read-extension';
import type { Report } from './report';
import type { Cors, Setting, Settings } from './setting';
import type { DocumentSource, Sourced } from './source';
import { listed, shown, suggestion } from './suggestion';

const KEYS = Object.keys(EXTENSION_READERS);

/**
 * Reads `x-gateway` of the root, of paths and of operations, the nearer one winning key by key.
 *
 * `null` takes an inherited value back. Each faulty value is reported once, where it stands.
 */
export class SettingsReader {
  private readonly read = new Map<string, Settings>();
  private fromProps?: Setting<Cors>;

  constructor(
    private readonly source: DocumentSource,
    private readonly report: Report,
    private readonly defaults: { readonly cors?: Cors } = {},
  ) {}

  public settingsOf(operation: Operation): Settings {
    const { cors } = this.defaults;
    const merged: Record<string, unknown> = {
      ...(cors ? { cors: this.corsDefault(cors) } : {}),
      ...this.at(this.source.root, 'root'),
      ...this.at(operation.pathItem, 'path'),
      ...this.at(operation.node, 'operation'),
    };
    return Object.fromEntries(Object.entries(merged).filter(([, setting]) => setting !== undefined));
  }

  private corsDefault(value: Cors): Setting<Cors> {
    this.fromProps ??= { value, place: this.source.root, level: 'root' };
    return this.fromProps;
  }

  private at(holder: Sourced, level: Setting<unknown>['level']): Settings {
    const key = `${holder.file}#${holder.pointer}`;
    const known = this.read.get(key);
    if (known) return known;

    const settings = this.parse(this.source.child(holder, EXTENSION), level);
    this.read.set(key, settings);
    return settings;
  }

  private parse(extension: Sourced, level: Setting<unknown>['level']): Settings {
    if (extension.value === undefined) return {};

    const entries = asObject(extension.value);
    if (!entries) {
      this.report.problem(
        'INVALID_EXTENSION',
        extension,
        `${EXTENSION} must be an object, got ${shown(extension.value)}`,
        `write an object with any of ${KEYS.join(', ')}`,
      );
      return {};
    }
    return Object.fromEntries(
      Object.keys(entries).flatMap((key) => this.entry(key, this.source.child(extension, key), level)),
    );
  }

  private entry(
    key: string,
    place: Sourced,
    level: Setting<unknown>['level'],
  ): [string, Setting<unknown> | undefined][] {
    if (!Object.hasOwn(EXTENSION_READERS, key)) {
      this.report.problem(
        'UNKNOWN_EXTENSION_KEY',
        place,
        `${EXTENSION} has no key ${JSON.stringify(key)}${suggestion(key, KEYS)}`,
        `use ${listed(KEYS)}`,
      );
      return [];
    }
    if (place.value === null) return [[key, undefined]];

    const reading = EXTENSION_READERS[key as keyof typeof EXTENSION_READERS](place.value);
    if ('value' in reading) return [[key, { value: reading.value, place, level }]];

    this.report.problem(
      'INVALID_EXTENSION',
      place,
      `${EXTENSION}.${key} is ${shown(place.value)}`,
      `write ${reading.expected}`,
    );
    return [];
  }
}
