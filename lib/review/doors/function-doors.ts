import { at, listOf, type Resource } from '../model/template';
import { textOf, type World } from '../model/world';
import { certain, type Door } from './door';
import type { Inside } from './inside';

const LOAD_BALANCING = 'elasticloadbalancing.amazonaws.com';

/** Ways to invoke a function. */
export function functionDoors(world: World, inside: Inside, handler: Resource): Door[] {
  return world.referrersOf(handler).flatMap((referrer) => {
    switch (referrer.type) {
      case 'AWS::Lambda::Url':
        return [functionUrl(referrer)];
      case 'AWS::Lambda::EventSourceMapping':
        return [
          certain({
            origin: 'principal',
            how: 'is fed by an event source',
            shownBy: referrer,
            location: 'Properties.EventSourceArn',
          }),
        ];
      case 'AWS::Lambda::Permission':
        return permission(world, inside, referrer);
      case 'AWS::Lambda::Alias':
      case 'AWS::Lambda::Version':
        return functionDoors(world, inside, referrer);
      default:
        return [];
    }
  });
}

function functionUrl(url: Resource): Door {
  const isOpen = url.properties['AuthType'] === 'NONE';
  return certain({
    origin: isOpen ? 'internet' : 'principal',
    how: isOpen ? 'has a function URL that anyone can call' : 'has a function URL',
    shownBy: url,
    location: 'Properties.AuthType',
  });
}

/** Who may invoke; the load balancer in front of a target may. */
function permission(world: World, inside: Inside, resource: Resource): Door[] {
  const { properties, stack } = resource;
  const principal = textOf(properties['Principal']) || textOf(at(properties, 'Principal', 'Service'));
  if (principal === LOAD_BALANCING) return [];
  // its function URL is reported as such
  if (textOf(properties['Action']) === 'lambda:InvokeFunctionUrl') return [];

  const sources = world.references(listOf(properties['SourceArn']), stack).resources;
  if (sources.length > 0 && sources.every((source) => inside.gateways.has(source))) return [];

  const isApi = principal === 'apigateway.amazonaws.com';
  return [
    certain({
      origin: principal === '*' ? 'internet' : isApi ? 'api' : 'principal',
      how: `may be invoked by ${principal === '*' ? 'anyone' : principal || 'a principal of another template'}`,
      shownBy: resource,
      location: 'Properties.Principal',
    }),
  ];
}
