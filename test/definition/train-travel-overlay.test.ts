import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compile, OpenApiDocument } from '../../lib/definition';

const DOCUMENT = join(__dirname, '../../../shared/openapi/train-travel-3.1.json');
const OVERLAY = join(__dirname, '../examples/train-travel/gateway.overlay.yaml');

// the document is not ours and lies beside this repository
(existsSync(DOCUMENT) ? describe : describe.skip)('Train Travel with the overlay of the examples', () => {
  test('compiles, what is written asking for more than what is read', () => {
    const document = OpenApiDocument.fromFile(DOCUMENT, { overlays: [OVERLAY] });
    const { policy, findings } = compile(document, { authentication: ['OAuth2'], backends: ['trains'] });
    const scopes = (operation: string) => policy.operations[operation]?.security;

    expect(scopes('POST /bookings/{bookingId}/payment')).toEqual([{ OAuth2: ['write'] }]);
    expect(scopes('GET /bookings')).toEqual([{ OAuth2: ['read'] }]);
    expect(findings.map(({ message }) => message)).not.toContainEqual(
      expect.stringContaining("'passenger_name': a string"),
    );
  });
});
