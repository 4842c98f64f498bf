import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocations } from '../../../lib/local/web-acl/locations';
import { writeMaxMindDatabase } from '../../fixtures/max-mind';
import { problemsOf } from '../../fixtures/problems';
import { aclOf, type Rule, requestOf } from './acl';

const OURS = '203.0.113.7';
const THEIRS = '198.51.100.7';
const FORWARDED = { ForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH' } };

describe('the place of a caller', () => {
  const folder = mkdtempSync(join(tmpdir(), 'places-'));
  const databases = { country: join(folder, 'country.mmdb'), asn: join(folder, 'asn.mmdb') };
  writeMaxMindDatabase(databases.country, 'Country', {
    '203.0.113.0/24': { country: { iso_code: 'IE' } },
    '198.51.100.0/25': { registered_country: { iso_code: 'FR' } },
  });
  writeMaxMindDatabase(databases.asn, 'ASN', { '203.0.113.0/24': { autonomous_system_number: 64_496 } });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['a folder', folder, 'cannot be read (EISDIR)'],
    ['a file that is not there', join(folder, 'none.mmdb'), 'cannot be read (ENOENT)'],
    ['a file of something else', join(folder, 'text.mmdb'), 'is no MaxMind database'],
  ])('is not looked up in %s, which is named', (_, file, reason) => {
    writeFileSync(join(folder, 'text.mmdb'), 'country,IE');

    expect(problemsOf(() => readLocations({ country: file }))).toEqual([
      expect.objectContaining({ code: 'NO_DATABASE', at: file, message: expect.stringContaining(reason) }),
    ]);
  });

  const evaluated = (Statement: object, sourceIp: string, headers: [string, string][] = []) =>
    aclOf([{ Statement }], { databases, logging: {} }).evaluate(requestOf({ sourceIp, headers }));
  const country = (...CountryCodes: string[]) => ({ GeoMatchStatement: { CountryCodes } });
  const system = (more: object = {}) => ({ AsnMatchStatement: { AsnList: [64_496], ...more } });

  test.each([
    ['IE', OURS, 'block', 'IE'],
    ['FR', OURS, 'allow', 'IE'],
    ['FR', THEIRS, 'block', 'FR'],
    ['IE', '192.0.2.1', 'allow', 'XX'],
    ['IE', '2001:db8::1', 'allow', 'XX'],
  ])('is a country: %s asked of %s', (code, address, action, known) => {
    expect(evaluated(country(code), address)).toMatchObject({
      action,
      labels: [`awswaf:clientip:geo:country:${known}`],
      logLine: { httpRequest: { country: known } },
    });
  });

  test('is the country of a forwarded address, by a label of its own', () => {
    const Statement = { GeoMatchStatement: { CountryCodes: ['IE'], ...FORWARDED } };

    expect(evaluated(Statement, THEIRS, [['x-forwarded-for', OURS]])).toMatchObject({
      action: 'block',
      labels: ['awswaf:forwardedip:geo:country:IE'],
      logLine: { httpRequest: { country: '-' } },
    });
  });

  test('is an autonomous system, which the log tells once it was asked for', () => {
    expect(evaluated(system(), OURS)).toMatchObject({ action: 'block', logLine: { clientAsn: 64_496 } });
    expect(evaluated(system(), THEIRS)).toMatchObject({ action: 'allow' });
    expect(evaluated(country('IE'), OURS).logLine).not.toHaveProperty('clientAsn');
  });

  test('is an autonomous system of a forwarded address', () => {
    const forwarded = evaluated(system(FORWARDED), THEIRS, [['x-forwarded-for', OURS]]);

    expect(forwarded).toMatchObject({ action: 'block', logLine: { forwardedAsn: 64_496 } });
    expect(forwarded.logLine).not.toHaveProperty('clientAsn');
    expect(evaluated(system(FORWARDED), OURS)).toMatchObject({ action: 'allow' });
  });

  test('is what a rate counts by; a caller of no known system is not counted', () => {
    const byRule: Rule = {
      Statement: {
        RateBasedStatement: { Limit: 10, AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ ASN: {} }] },
      },
    };
    const acl = aclOf([byRule], { databases });
    const send = (sourceIp: string) => acl.evaluate(requestOf({ sourceIp })).action;
    for (let count = 0; count < 10; count += 1) {
      send(`203.0.113.${count}`);
      send(THEIRS);
    }

    expect([send(OURS), send(THEIRS)]).toEqual(['block', 'allow']);
    expect(aclOf([byRule]).evaluate(requestOf()).notEvaluated).toEqual([
      'rate by ASN (no database of autonomous systems)',
    ]);
  });
});
