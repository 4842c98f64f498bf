import { findingAt, type ReviewFinding } from '../finding';
import { at, type Resource } from '../model/template';
import type { World } from '../model/world';

/** By type of resource, the setting that turns the access log on. */
const DESTINATIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Stage': ['AccessLogSetting', 'DestinationArn'],
  'AWS::ApiGatewayV2::Stage': ['AccessLogSettings', 'DestinationArn'],
};

/** A stage whose requests leave no trace. */
export function unloggedStage(world: World): ReviewFinding[] {
  const stages = world.ofType(...Object.keys(DESTINATIONS));
  // a deployment can bring a stage of its own
  const deployments = world
    .ofType('AWS::ApiGateway::Deployment')
    .filter(({ properties }) => properties['StageName'] !== undefined);

  return [
    ...stages.filter((stage) => !isLogged(stage, DESTINATIONS[stage.type] ?? [])),
    ...deployments.filter(
      (deployment) => !isLogged(deployment, ['StageDescription', 'AccessLogSetting', 'DestinationArn']),
    ),
  ].map((resource) =>
    findingAt(resource, {
      rule: 'unlogged-stage',
      location: 'Properties.AccessLogSetting',
      message: 'the stage has no access log',
      remedy: 'give it one: without, neither an attack nor a leak can be traced',
    }),
  );
}

function isLogged({ properties }: Resource, path: readonly string[]): boolean {
  const destination = at(properties, ...path);
  return destination !== undefined && destination !== '';
}
