import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, enforcedDocument, explainOperation, OpenApiDocument } from '../../lib/definition';
import { problemsOf } from '../fixtures/problems';
import { OPTIONS } from './minimal-document';

const ROOT = `
openapi: 3.1.0
info: { title: T, version: '1' }
security: [{ jwt: [read] }]
paths:
  /orders: { $ref: paths/orders.yaml }
  /returns: { $ref: paths/orders.yaml }
components:
  schemas:
    Note: { type: string, maxLength: 10 }
  securitySchemes:
    jwt: { type: http, scheme: bearer }
`;
const ORDERS = `
post:
  requestBody:
    required: true
    content:
      application/json: { schema: { $ref: ../schemas/order.yaml } }
  responses: {}
`;
const ORDER = `
type: object
properties:
  note: { $ref: ../openapi.yaml#/components/schemas/Note }
  parent: { $ref: '#' }
`;

describe('overlays of a document in several files', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'overlay-'));
    write('openapi.yaml', ROOT);
    write('paths/orders.yaml', ORDERS);
    write('schemas/order.yaml', ORDER);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string) => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const overlay = (name: string, actions: string, extended?: string) =>
    write(name, `overlay: 1.0.0\n${extended ? `extends: ${extended}\n` : ''}actions:\n  - ${actions}\n`);
  const compiled = (...overlays: string[]) =>
    compile(OpenApiDocument.fromFile(join(folder, 'openapi.yaml'), { overlays }), OPTIONS);
  const rolesOf = (api: ReturnType<typeof compiled>, operation: string) =>
    api.policy.operations[operation]?.roles;

  test('reach operations of other files, each path its own', () => {
    const path = overlay(
      'a.yaml',
      '{ target: "$.paths[\'/orders\'].post", update: { x-gateway: { roles: [clerk] } } }',
    );
    const api = compiled(path);

    expect(rolesOf(api, 'POST /orders')).toEqual(['clerk']);
    expect(rolesOf(api, 'POST /returns')).toBeUndefined();
  });

  test('reach all of them by a search', () => {
    const path = overlay('a.yaml', '{ target: "$.paths[*][*]", update: { x-gateway: { roles: [clerk] } } }');
    const api = compiled(path);

    expect(rolesOf(api, 'POST /orders')).toEqual(['clerk']);
    expect(rolesOf(api, 'POST /returns')).toEqual(['clerk']);
  });

  test('leave references of such a file leading where they led, and what it says located there', () => {
    const path = overlay('a.yaml', '{ target: $.info, update: { title: U } }');
    const plain = compiled();
    const api = compiled(path);

    expect(api.body).toEqual({ ...plain.body, info: { ...plain.body.info, title: 'U' } });
    expect(api.findings.map(({ at }) => at)).toEqual(plain.findings.map(({ at }) => at));
  });

  test('change another file, wherever it is used, if they extend it', () => {
    const path = overlay(
      'overlays/a.yaml',
      '{ target: $.post, update: { x-gateway: { roles: [clerk] } } }',
      '../paths/orders.yaml',
    );
    const api = compiled(path);

    expect(rolesOf(api, 'POST /orders')).toEqual(['clerk']);
    expect(rolesOf(api, 'POST /returns')).toEqual(['clerk']);
  });

  test('change a schema of another file, and are named by what they caused', () => {
    const path = overlay(
      'a.yaml',
      '{ target: $.properties, update: { size: { type: string } } }',
      'schemas/order.yaml',
    );
    const found = compiled(path).findings.filter(({ code }) => code === 'UNBOUNDED');

    expect(found).toMatchObject([{ at: expect.stringMatching(/a\.yaml:4:/) }]);
    expect(compiled().findings.filter(({ code }) => code === 'UNBOUNDED')).toEqual([]);
  });

  test('close what they wrote in the document as enforced, and name it in an explanation', () => {
    const path = overlay(
      'a.yaml',
      '{ target: $.components.schemas, update: { Order: { type: object, properties: { a: { type: string } } } } }',
    );
    write('schemas/order.yaml', '$ref: ../openapi.yaml#/components/schemas/Order\n');
    const document = OpenApiDocument.fromFile(join(folder, 'openapi.yaml'), { overlays: [path] });
    const api = compile(document, OPTIONS);

    expect(enforcedDocument(api, document)).toMatchObject({
      components: { schemas: { Order: { additionalProperties: false } } },
    });
    expect(explainOperation(api, document, 'POST', '/orders').service).toContainEqual({
      rule: "field 'a': a string of any length [UNBOUNDED]",
      from: expect.stringMatching(/a\.yaml:3:/),
    });
  });

  test("change the document where 'extends' gives its address, or its own path", () => {
    const action = '{ target: "$.paths[*][*]", update: { x-gateway: { roles: [clerk] } } }';

    for (const extended of ['https://example.com/openapi.yaml', 'openapi.yaml']) {
      expect(rolesOf(compiled(overlay('a.yaml', action, extended)), 'POST /orders')).toEqual(['clerk']);
    }
  });

  test('fail when they extend a file nothing refers to', () => {
    const path = overlay('a.yaml', '{ target: $, update: {} }', 'paths/order.yaml');

    expect(problemsOf(() => compiled(path))).toMatchObject([
      {
        code: 'OVERLAY_TARGET',
        at: `${path}:2:10`,
        message: expect.stringContaining('no file of the document'),
      },
    ]);
  });

  test('fail when a target of an extended file is not there', () => {
    const path = overlay('a.yaml', '{ target: $.put, remove: true }', 'paths/orders.yaml');

    expect(problemsOf(() => compiled(path))[0]).toMatchObject({ code: 'OVERLAY_TARGET', at: `${path}:4:15` });
  });

  test('fail the same way when the document itself has overlays, too', () => {
    const own = overlay('a.yaml', '{ target: $.info, update: {} }');
    const other = overlay('b.yaml', '{ target: $.put, remove: true }', 'paths/orders.yaml');

    expect(problemsOf(() => compiled(own, other))).toContainEqual(
      expect.objectContaining({ code: 'OVERLAY_TARGET', at: `${other}:4:15` }),
    );
  });

  test('say which reference they met', () => {
    write('openapi.yaml', ROOT.replace('{ type: string, maxLength: 10 }', '{ $ref: schemas/note.yaml }'));
    write('schemas/note.yaml', 'type: string\nmaxLength: 10\n');
    const path = overlay('a.yaml', '{ target: $.components.schemas.Note.maxLength, remove: true }');

    expect(problemsOf(() => compiled(path))).toMatchObject([
      {
        code: 'OVERLAY_TARGET',
        message: expect.stringContaining('selects nothing: it meets the reference "schemas/note.yaml"'),
        remedy: expect.stringContaining("'extends'"),
      },
    ]);
  });

  test('need not read a file whose path they remove', () => {
    rmSync(join(folder, 'paths/orders.yaml'));
    write(
      'openapi.yaml',
      `${ROOT.replace('  /returns: { $ref: paths/orders.yaml }\n', '  /health: { get: { responses: {} } }\n')}`,
    );
    const path = overlay('a.yaml', '{ target: "$.paths[\'/orders\']", remove: true }');

    expect(Object.keys(compiled(path).policy.operations)).toEqual(['GET /health']);
    expect(problemsOf(() => compiled())).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
  });
});
