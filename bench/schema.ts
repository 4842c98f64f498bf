import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile } from '../lib/definition/document-file';
import { LoadedDocument } from '../lib/definition/loaded-document';
import { Report } from '../lib/definition/report';
import { ModelRegistry } from '../lib/definition/schema';
import { median, printTable } from './rounds';

/**
 * What the models of request bodies cost: processor time (median of rounds, each on a registry of its own) and size.
 *
 * `npx tsx bench/schema.ts [--json]`
 */
const ROUNDS = 9;
const SHARED = join(__dirname, '../../shared/openapi');

interface Measured {
  readonly document: string;
  readonly bodies: number;
  readonly models: number;
  readonly kilobytes: number;
  readonly milliseconds: number;
}

function measureDocument(name: string, text: string): Measured {
  const rounds = Array.from({ length: ROUNDS }, () => compileBodies(parseText(name, text)));
  const { bodies, schemas } = compileBodies(parseText(name, text));
  return {
    document: name,
    bodies,
    models: Object.keys(schemas).length,
    kilobytes: Math.round(JSON.stringify(schemas).length / 1024),
    milliseconds: Math.round(median(rounds.map(({ milliseconds }) => milliseconds))),
  };
}

const parseText = (name: string, text: string): LoadedDocument => new LoadedDocument(parseFile(name, text));

function compileBodies(source: LoadedDocument) {
  const begun = process.cpuUsage();
  const registry = new ModelRegistry(source, new Report(source), { emitUnproven: false });
  const paths = source.child(source.root, 'paths');
  let bodies = 0;
  for (const path of Object.keys(paths.value as object)) {
    for (const method of ['post', 'put', 'patch', 'delete']) {
      const content = source.child(source.deref(source.child(paths, path, method, 'requestBody')), 'content');
      const schema = source.child(content, 'application/json', 'schema');
      if (schema.value === undefined) continue;

      bodies += 1;
      registry.model(schema, { dialect: source.dialect, closed: true, operation: `${method} ${path}` });
    }
  }
  const { schemas } = registry;
  return { bodies, schemas, milliseconds: process.cpuUsage(begun).user / 1_000 };
}

/** Bodies that hold each other: a base, an allOf, a choice by discriminator, a list of themselves. */
function generated(count: number): string {
  const schemas: Record<string, unknown> = {
    Base: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'] },
  };
  const paths: Record<string, unknown> = {};
  for (let index = 0; index < count; index += 1) {
    const own = {
      [`name${index}`]: { type: 'string', maxLength: 50 + index },
      at: { type: 'string', format: 'date-time' },
    };
    schemas[`Plain${index}`] = {
      allOf: [
        { $ref: '#/components/schemas/Base' },
        { properties: { ...own, kind: { const: `p${index}` } }, required: ['kind'] },
      ],
    };
    schemas[`Tree${index}`] = {
      allOf: [{ $ref: '#/components/schemas/Base' }],
      properties: {
        kind: { const: `t${index}` },
        of: { type: 'array', items: { $ref: `#/components/schemas/Choice${index}` } },
      },
      required: ['kind'],
    };
    schemas[`Choice${index}`] = {
      oneOf: ['Plain', 'Tree'].map((name) => ({ $ref: `#/components/schemas/${name}${index}` })),
    };
    const schema = { $ref: `#/components/schemas/Choice${index}` };
    paths[`/things${index}`] = { post: { requestBody: { content: { 'application/json': { schema } } } } };
  }
  return JSON.stringify({ openapi: '3.1.0', paths, components: { schemas } });
}

const published = ['box-3.0.json', 'readme-3.1.json', 'train-travel-3.1.json']
  .filter((name) => existsSync(join(SHARED, name)))
  .map((name): [string, string] => [name, readFileSync(join(SHARED, name), 'utf8')]);
const scaled = [100, 200, 400].map((count): [string, string] => [
  `${count} generated bodies.json`,
  generated(count),
]);
const measured = [...published, ...scaled].map(([name, text]) => measureDocument(name, text));

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ schema: measured }));
} else {
  printTable(
    ['document', 'bodies', 'models', 'KB', 'CPU ms'],
    measured.map(({ document, bodies, models, kilobytes, milliseconds }) =>
      [document, bodies, models, kilobytes, milliseconds].map(String),
    ),
  );
}
