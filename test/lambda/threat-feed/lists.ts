/** The table that the function keeps, as its template defines it. */
export const TABLE_DEFINITION = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};

export const FEEDS_4 = 'feeds-4';
export const FEEDS_6 = 'feeds-6';
export const ATTACKERS_4 = 'attackers-4';
export const ATTACKERS_6 = 'attackers-6';

/** Ids of the IP sets that the function writes. */
export const SETS = [FEEDS_4, FEEDS_6, ATTACKERS_4, ATTACKERS_6];

export const RESOURCES = { feeds: pair('feeds'), attackers: pair('attackers') };

function pair(name: string) {
  return { ipv4: { name, id: `${name}-4` }, ipv6: { name, id: `${name}-6` } };
}

/** Asks the function to deny a network for an hour. */
export function add(network: string, more: object = {}) {
  return {
    action: 'denyAdd',
    network,
    forSeconds: 3_600,
    reason: 'probing',
    by: 'ops',
    ownAddress: '198.51.77.1',
    ...more,
  };
}
