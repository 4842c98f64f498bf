import { findingAt, type ReviewFinding } from '../finding';
import { fieldsOf, listOf, type Resource, type StackTemplate } from '../model/template';
import type { World } from '../model/world';

const RULE = 'unread';
const REMEDY =
  'review what the deployment makes of it: a template without transforms, or the one that lies elsewhere';

/** Written out by CloudFormation itself; what they write is found at the resources that need them. */
const HARMLESS = ['AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions'];

/** What the deployment makes of a template cannot be read in it: nothing found there is not nothing there. */
export function unread(world: World, templates: readonly StackTemplate[]): ReviewFinding[] {
  return [
    ...templates.flatMap(ofMacros),
    ...world.resources.flatMap((resource) =>
      reasonsOf(resource).map(([location, message]) =>
        findingAt(resource, { rule: RULE, certainty: 'unknown', location, message, remedy: REMEDY }),
      ),
    ),
  ];
}

function ofMacros({ stack, template: { Transform } }: StackTemplate): ReviewFinding[] {
  return listOf(Transform)
    .filter((name) => !HARMLESS.includes(String(name)))
    .map((name) => ({
      rule: RULE,
      certainty: 'unknown',
      stack,
      logicalId: '',
      at: stack,
      location: 'Transform',
      message: `the transform ${typeof name === 'string' ? name : JSON.stringify(name)} may change the whole template`,
      remedy: REMEDY,
    }));
}

function reasonsOf(resource: Resource): [location: string, message: string][] {
  const { type, properties, nested } = resource;
  if (type === '') return [['Type', 'what stands here is no resource, but becomes some']];
  if (type.startsWith('AWS::Serverless::')) return [['Type', `a transform makes other resources of ${type}`]];

  const isElsewhere = type === 'AWS::CloudFormation::Stack' && nested === undefined;
  return [
    ...(isElsewhere
      ? [
          ['Properties.TemplateURL', 'the nested stack is defined by a template that is not here'] as [
            string,
            string,
          ],
        ]
      : []),
    ...(isUnreadable(properties['Body'])
      ? [['Properties.Body', 'the body of the API is not written out in the template'] as [string, string]]
      : []),
    ...transforms(properties, 'Properties').map((location): [string, string] => [
      location,
      'a transform brings in what is not in the template',
    ]),
  ];
}

/** A text, or something that only a deployment knows. */
function isUnreadable(body: unknown): boolean {
  if (body === undefined) return false;
  const [key = '', ...others] = Object.keys(fieldsOf(body));
  return typeof body !== 'object' || (others.length === 0 && /^(Ref$|Fn::(?!Transform))/.test(key));
}

function transforms(value: unknown, location: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => transforms(one, `${location}.${index}`));

  return Object.entries(fieldsOf(value)).flatMap(([key, below]) =>
    key === 'Fn::Transform' ? [location] : transforms(below, `${location}.${key}`),
  );
}
