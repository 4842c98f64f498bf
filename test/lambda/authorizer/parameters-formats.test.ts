import { NUMBER_FORMATS, TEXT_FORMATS } from '../../../lambda/authorizer/parameters-formats';

const LABEL = 'a'.repeat(63);

describe('the format', () => {
  test.each<[keyof typeof TEXT_FORMATS, readonly string[], readonly string[]]>([
    [
      'date',
      [
        ...[
          '2024-01-01',
          '2024-12-31',
          '2024-02-29',
          '2000-02-29',
          '2023-02-28',
          '0000-01-01',
          '0001-01-01',
          '9999-12-31',
        ],
        ...['2023-01-31', '2023-03-31', '2023-04-30', '2023-11-30'],
      ],
      [
        ...['2023-02-29', '1900-02-29', '2100-02-29', '2024-02-30', '2023-04-31', '2023-01-32', '2023-12-32'],
        ...['2023-00-10', '2023-13-10', '2023-10-00', '2023-1-01', '2023-01-1', '202-01-010', '2023-01-010'],
        ...['2023/01-01', '2023-01/01', '20a3-01-01', 'a023-01-01', '2023-0a-01', '2023-01-a1', '2023-01-1/'],
        ...['', '2023-01-01 ', ' 2023-01-01', '2023-01-01T00:00:00Z'],
      ],
    ],
    [
      'time',
      [
        ...['00:00:00Z', '23:59:59z', '12:30:15.123Z', '12:00:00+00:00', '12:00:00-23:59', '12:00:00+0130'],
        ...['23:59:60Z', '00:59:60+01:00', '22:59:60-01:00', '23:29:60-0030', '05:29:60+0530'],
      ],
      [
        ...['24:00:00Z', '23:60:00Z', '23:59:61Z', '12:00:00', '12:00Z', '12:00:00+24:00', '12:00:00+00:60'],
        ...[
          '12:00:60Z',
          '23:58:60Z',
          '23:59:60+01:00',
          '00:59:60-01:00',
          '1:00:00Z',
          '12:00:00.Z',
          '',
          'noon',
        ],
        ...['12:00:00+1', ' 12:00:00Z', '12:00:00Z '],
      ],
    ],
    [
      'date-time',
      ['2024-02-29T12:00:00Z', '2024-02-29t12:00:00z', '2024-02-29 12:00:00+01:00'],
      ['2023-02-29T12:00:00Z', '2024-02-29T25:00:00Z', '2024-02-29_12:00:00Z', '2024-02-29', '12:00:00Z', ''],
    ],
    [
      'uuid',
      ['123e4567-e89b-12d3-a456-426614174000', '123E4567-E89B-12D3-A456-426614174000'],
      ['123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-42661417400g', '', 'x123e4567-e89b'],
    ],
    [
      'email',
      ['ada@example.com', 'a.b+c@x.example.com', `${'a'.repeat(242)}@example.com`],
      [
        ...[
          'ada',
          '@example.com',
          'ada@',
          'ada@localhost',
          'a b@example.com',
          '.a@example.com',
          'a.@example.com',
        ],
        ...['a..b@example.com', 'ada@-x.com', 'ada@x..com', `${'a'.repeat(243)}@example.com`, ''],
      ],
    ],
    [
      'hostname',
      [
        'a',
        'example.com',
        'xn--bcher-kva.example',
        `${LABEL}.com`,
        `${LABEL}.${LABEL}.${LABEL}.${'a'.repeat(61)}`,
      ],
      [
        '',
        '-a',
        'a-',
        'a..b',
        'a.',
        `${LABEL}a.com`,
        `${LABEL}.${LABEL}.${LABEL}.${'a'.repeat(62)}`,
        'a_b',
        'ä',
      ],
    ],
    [
      'ipv4',
      ['192.0.2.1', '0.0.0.0', '255.255.255.255'],
      ['256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '', '::1'],
    ],
    ['ipv6', ['::1', '2001:db8::1', '::ffff:192.0.2.1'], ['fe80::1%eth0', '1::2::3', '192.0.2.1', '', ':::']],
    [
      'uri',
      ['https://example.com/a?b=c#d', 'urn:isbn:1', 'a:%20'],
      ['/a', 'a b:c', 'https://a b', 'a:%2', '1a:b', ''],
    ],
    [
      'byte',
      ['', 'YQ==', 'YWI=', 'YWJj', '+/+/'],
      ['Y', 'YQ', 'YQ=', 'YQ===', 'Y-Q=', '=YQ=', 'YQ==YQ==', 'a b='],
    ],
  ])('%s is held, and nothing else', (format, good, bad) => {
    const isOf = TEXT_FORMATS[format];

    expect(good.filter((text) => !isOf?.(text))).toEqual([]);
    expect(bad.filter((text) => isOf?.(text))).toEqual([]);
  });

  test.each<[keyof typeof NUMBER_FORMATS, readonly number[], readonly number[]]>([
    ['int32', [0, -(2 ** 31), 2 ** 31 - 1], [-(2 ** 31) - 1, 2 ** 31, 0.5, 1e300, Number.NaN]],
    ['int64', [0, -(2 ** 63), 2 ** 63, 2 ** 53], [0.5, -(2 ** 64), 2 ** 64, 1e300, -1e300, Number.NaN]],
  ])('%s is held, at its bounds', (format, good, bad) => {
    const isOf = NUMBER_FORMATS[format];

    expect(good.filter((number) => !isOf?.(number))).toEqual([]);
    expect(bad.filter((number) => isOf?.(number))).toEqual([]);
  });
});
