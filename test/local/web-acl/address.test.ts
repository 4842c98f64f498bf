import { BlockList } from 'node:net';
import { AddressSet, parseAddress } from '../../../lib/local/web-acl/address';
import fc from '../../fixtures/property';

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const groups = fc
  .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  .map((parts) => parts.map((part) => part.toString(16)).join(':'))
  // an address that maps IPv4 is IPv4 to both sides, which the test of its own covers
  .filter((address) => !address.startsWith('0:0:0:0:0:'));
const near = (base: fc.Arbitrary<string>, bits: number) =>
  fc.tuple(base, fc.integer({ min: 1, max: bits })).map(([address, prefix]) => ({ address, prefix }));

describe('AddressSet', () => {
  test('agrees with Node on IPv4', () => {
    fc.assert(
      fc.property(
        fc.array(near(octets, 32), { maxLength: 20 }),
        fc.array(octets, { minLength: 1 }),
        (networks, probes) => {
          const theirs = new BlockList();
          for (const { address, prefix } of networks) theirs.addSubnet(address, prefix, 'ipv4');
          const ours = new AddressSet(networks.map(({ address, prefix }) => `${address}/${prefix}`));

          for (const probe of [...probes, ...networks.map(({ address }) => address)]) {
            expect([probe, ours.has(parseAddress(probe)!)]).toEqual([probe, theirs.check(probe, 'ipv4')]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('agrees with Node on IPv6', () => {
    fc.assert(
      fc.property(
        fc.array(near(groups, 128), { maxLength: 20 }),
        fc.array(groups, { minLength: 1 }),
        (networks, probes) => {
          const theirs = new BlockList();
          for (const { address, prefix } of networks) theirs.addSubnet(address, prefix, 'ipv6');
          const ours = new AddressSet(networks.map(({ address, prefix }) => `${address}/${prefix}`));

          for (const probe of [...probes, ...networks.map(({ address }) => address)]) {
            expect([probe, ours.has(parseAddress(probe)!)]).toEqual([probe, theirs.check(probe, 'ipv6')]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('takes IPv4 within IPv6 for IPv4', () => {
    expect(new AddressSet(['192.0.2.0/24']).has(parseAddress('::ffff:192.0.2.9')!)).toBe(true);
  });

  test.each(['', 'x', '1.2.3', '010.1.1.1.1', '1.2.3.4/8', '::1::', '0x7f.1'])(
    'reads no address in %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});
