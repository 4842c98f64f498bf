import { at, fieldsOf, listOf, type Resource } from '../model/template';
import { textOf, type World } from '../model/world';
import { certain, type Door, unknown } from './door';
import { groupDoors } from './group-doors';
import type { Inside } from './inside';
import { groupIds } from './security-groups';

/** Where stores within a network name their groups. */
const NETWORKED: Readonly<Record<string, readonly string[]>> = {
  'AWS::RDS::DBInstance': ['VPCSecurityGroups'],
  'AWS::RDS::DBCluster': ['VpcSecurityGroupIds'],
  'AWS::ElastiCache::ReplicationGroup': ['SecurityGroupIds'],
  'AWS::ElastiCache::CacheCluster': ['VpcSecurityGroupIds'],
  'AWS::ElastiCache::ServerlessCache': ['SecurityGroupIds'],
};

const POLICED = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket'];

export function isDataStore({ type }: Resource): boolean {
  return type in NETWORKED || POLICED.includes(type);
}

/** Ways to a data store past the service that owns it. */
export function dataStoreDoors(world: World, inside: Inside, store: Resource): Door[] {
  const path = NETWORKED[store.type];
  return path
    ? networkedDoors(world, inside, store, at(store.properties, ...path))
    : policyDoors(world, store);
}

function networkedDoors(world: World, inside: Inside, store: Resource, value: unknown): Door[] {
  // a cluster's instances carry the public address
  const holders = [store, ...world.referrersOf(store)];
  const shownBy = holders.find(({ properties }) => properties['PubliclyAccessible'] === true);

  return [
    ...(shownBy
      ? [
          certain({
            origin: 'internet',
            how: 'has an address on the internet',
            shownBy,
            location: 'Properties.PubliclyAccessible',
          }),
        ]
      : []),
    ...groupDoors(world, inside, {
      groups: groupIds(world, value, store.stack),
      isPublic: shownBy !== undefined,
    }),
  ];
}

function policyDoors(world: World, store: Resource): Door[] {
  const policies = [
    {
      shownBy: store,
      location: 'Properties.ResourcePolicy',
      document: at(store.properties, 'ResourcePolicy', 'PolicyDocument'),
    },
    ...world
      .referrersOf(store)
      .filter(({ type }) => type === 'AWS::S3::BucketPolicy')
      .map((policy) => ({
        shownBy: policy,
        location: 'Properties.PolicyDocument',
        document: policy.properties['PolicyDocument'],
      })),
  ];

  return [
    ...(textOf(store.properties['AccessControl']).startsWith('PublicRead')
      ? [
          certain({
            origin: 'internet',
            how: 'is readable by anyone',
            shownBy: store,
            location: 'Properties.AccessControl',
          }),
        ]
      : []),
    ...policies.flatMap(({ shownBy, location, document }) =>
      listOf(at(document, 'Statement'))
        .map(fieldsOf)
        .filter((statement) => statement['Effect'] === 'Allow')
        .flatMap((statement) => statementDoors(shownBy, location, statement)),
    ),
  ];
}

function statementDoors(
  shownBy: Resource,
  location: string,
  statement: Readonly<Record<string, unknown>>,
): Door[] {
  const principal = statement['Principal'];
  const isAnyone = principal === '*' || listOf(at(principal, 'AWS')).includes('*');
  // conditions narrow it down; to what, is for a person to judge
  if (statement['Condition'] !== undefined) {
    return isAnyone ? [unknown({ how: 'admits anyone who meets a condition', shownBy, location })] : [];
  }
  if (isAnyone)
    return [certain({ origin: 'internet', how: 'admits anyone by its policy', shownBy, location })];

  const accounts = listOf(at(principal, 'AWS'))
    .map(textOf)
    .filter((text) => /\d{12}/.test(text));
  return accounts.map((account) =>
    certain({ origin: 'principal', how: `admits ${account} by its policy`, shownBy, location }),
  );
}
