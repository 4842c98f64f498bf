import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, OpenApiDocument } from '../../lib/definition';

const BOX = join(__dirname, '../../../shared/openapi/box-3.0.json');
const OVERLAY = join(__dirname, '../examples/box/gateway.overlay.yaml');

// the document is not ours and lies beside this repository
(existsSync(BOX) ? describe : describe.skip)('Box with the overlay of the examples', () => {
  const original = existsSync(BOX) ? readFileSync(BOX, 'utf8') : '';
  const document = () => OpenApiDocument.fromFile(BOX, { overlays: [OVERLAY] });
  const compiled = () => compile(document(), { authentication: ['OAuth2Security'], backends: ['box'] });

  test('compiles, each action having found its target', () => {
    const { findings, policy } = compiled();

    expect(findings.map(({ code }) => code)).not.toContain('OVERLAY_WITHOUT_TARGET');
    expect(Object.keys(policy.operations)).toHaveLength(276);
  });

  test('opens the four operations it says, and no other', () => {
    const open = Object.entries(compiled().policy.operations)
      .filter(([, { security }]) => security.length === 0)
      .map(([operation]) => operation);

    expect(open).toEqual([
      'GET /authorize',
      'POST /oauth2/token',
      'POST /oauth2/revoke',
      'GET /zip_downloads/{zip_download_id}/content',
    ]);
  });

  test('names the overlay as the place of what it wrote, and leaves the original as it is', () => {
    const found = compiled().findings.filter(
      ({ code }) => code === 'PUBLIC_OPERATION' || code === 'UNINSPECTED_BODY',
    );

    expect(found.length).toBeGreaterThan(7);
    for (const { at } of found) expect(at).toContain('gateway.overlay.yaml:');
    expect(readFileSync(BOX, 'utf8')).toBe(original);
  });
});
