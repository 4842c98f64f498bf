import { at, type Fields, fieldsOf, listOf, type Resource } from '../model/template';
import { textOf, type World } from '../model/world';
import { certain, type Door, unknown } from './door';
import { foreignGroupDoors, groupDoors } from './group-doors';
import type { Inside } from './inside';
import { isInternetKeptOut } from './network-acls';
import { subnetsOf } from './places';
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
    : policyDoors(world, inside, store);
}

function networkedDoors(world: World, inside: Inside, store: Resource, value: unknown): Door[] {
  // a cluster's instances carry the public address
  const holders = [store, ...world.referrersOf(store)];
  const subnets = subnetsOf(world, store);
  const isKeptIn = isInternetKeptOut(world, subnets);
  const shownBy = isKeptIn ? undefined : holders.find((holder) => isAccessible(holder) === true);
  const perhaps = isKeptIn ? undefined : holders.find((holder) => isAccessible(holder) === undefined);

  return [
    ...(perhaps && !shownBy
      ? [
          unknown({
            how: 'may have an address on the internet',
            shownBy: perhaps,
            location: 'Properties.PubliclyAccessible',
          }),
        ]
      : []),
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
    ...foreignGroupDoors(world, store, value, 'Properties'),
    ...groupDoors(world, inside, {
      groups: groupIds(world, value, store.stack),
      isPublic: shownBy !== undefined,
      subnets,
    }),
  ];
}

/** Undefined where only a deployment knows. */
function isAccessible({ properties: { PubliclyAccessible: value = false } }: Resource): boolean | undefined {
  return typeof value === 'object' ? undefined : String(value) === 'true';
}

function policyDoors(world: World, inside: Inside, store: Resource): Door[] {
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
        .flatMap((statement) => statementDoors(world, inside, { shownBy, location, statement })),
    ),
  ];
}

interface PolicyStatement {
  readonly shownBy: Resource;
  readonly location: string;
  readonly statement: Fields;
}

function statementDoors(
  world: World,
  inside: Inside,
  { shownBy, location, statement }: PolicyStatement,
): Door[] {
  // whom it does not name, an allowing statement admits all the same
  const principal = statement['NotPrincipal'] === undefined ? statement['Principal'] : '*';
  const isAnyone = principal === '*' || listOf(at(principal, 'AWS')).includes('*');
  // conditions narrow it down; to what, is for a person to judge
  if (statement['Condition'] !== undefined) {
    const whom = isAnyone ? 'anyone' : 'a principal';
    return [unknown({ how: `admits ${whom} who meets a condition`, shownBy, location })];
  }
  if (isAnyone)
    return [certain({ origin: 'internet', how: 'admits anyone by its policy', shownBy, location })];

  return Object.values(fieldsOf(principal))
    .flatMap(listOf)
    .filter((one) => !isOwnRole(world, inside, one, shownBy))
    .map((one) => {
      const name = textOf(one);
      const isKnown = typeof one === 'string' || /\d{12}/.test(name);
      return isKnown
        ? certain({ origin: 'principal', how: `admits ${name} by its policy`, shownBy, location })
        : unknown({ how: 'admits a principal of this account, or one not known here', shownBy, location });
    });
}

/** Whether a principal is a role that a part of the backend runs as, itself or by what it names. */
function isOwnRole(world: World, { parts }: Inside, principal: unknown, { stack }: Resource): boolean {
  const { resources, literals, unknown: others } = world.references(principal, stack);
  if (resources.length === 0 || literals.length > 0 || others.length > 0) return false;

  const named = [...parts].flatMap((part) => world.references(part.properties, part.stack).resources);
  const further = named.flatMap((one) => world.references(one.properties, one.stack).resources);
  return resources.every((role) => role.type === 'AWS::IAM::Role' && [...named, ...further].includes(role));
}
