import { sharedOut } from '../../../lambda/threat-feed/networks';

/** So many networks below one of eight bits, no two of which make a larger one. */
const networks = (count: number, first: number) =>
  Array.from({ length: count }, (_, index) => `${first}.${(index >> 7) & 255}.${(index & 127) * 2}.0/24`);

describe('a set that holds less than its lists', () => {
  test('is shared out equally, and what one leaves goes to the others', () => {
    const [small, large, larger] = [networks(2_000, 60), networks(8_000, 61), networks(9_000, 62)];

    const { ipv4, leftOut } = sharedOut([larger, small, large]);

    const kept = ['60.', '61.', '62.'].map((from) => ipv4.filter((one) => one.startsWith(from)).length);
    expect(kept).toEqual([2_000, 4_000, 4_000]);
    expect(leftOut).toEqual({ ipv4: 9_000, ipv6: 0 });
  });
});
