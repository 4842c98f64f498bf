import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { shortened } from './protocol/shortened';

/** Dimensions of metrics have 255 characters; the rest is a certificate's, or a title's. */
const LONGEST_PLACE = 200;
const LONGEST_NAME = 255;

/**
 * Stack and path of a construct, by a name that no other construct has in this account and region: what CloudWatch
 * keeps by name is the account's, and the same app may stand there under another stack name. ASCII, as CloudWatch
 * wants it.
 */
export function placeInAccount(scope: IConstruct): string {
  let stack = Stack.of(scope);
  // what a nested stack is called is known at deployment
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  const below = scope.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  // neither a stack's name nor what stands between two slashes holds one
  return shortened([stack.stackName, ...below].map(encodeURIComponent).join('/'), LONGEST_PLACE);
}

/**
 * By which API Gateway shows the API, and keeps its metrics: of two with the document's title each has its own then
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html).
 */
export function apiNameOf(gateway: IConstruct, title: string): string {
  // which characters a name may have is documented nowhere; these stand in the titles of AWS's own examples
  const place = placeInAccount(gateway).replaceAll('/', ' - ').replaceAll('%', '-');
  return shortened(`${title} (${place})`, LONGEST_NAME);
}
