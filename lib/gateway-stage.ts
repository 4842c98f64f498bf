import { Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct, IDependable } from 'constructs';
import { accessLogFormat } from './audit/access-log-format';
import type { MethodThrottle } from './definition/compiled-api';
import type { Throttle } from './traffic/throttle';

export interface StageParts {
  readonly restApiId: string;
  readonly deploymentId: string;
  readonly stageName: string;
  readonly accessLogGroup: logs.ILogGroup;
  readonly throttle: Throttle;
  readonly methodThrottles: readonly MethodThrottle[];
  /** Shown to backends. */
  readonly clientCertificateId?: string;
  /** What must be there before API Gateway accepts an access log. */
  readonly after: readonly IDependable[];
}

/** The stage: one for each gateway, so that what was reviewed is what is served. */
export function defineStage(scope: Construct, parts: StageParts): apigateway.CfnStage {
  const {
    restApiId,
    deploymentId,
    stageName,
    accessLogGroup,
    throttle,
    methodThrottles,
    after,
    clientCertificateId,
  } = parts;

  const stage = new apigateway.CfnStage(scope, 'Stage', {
    restApiId,
    deploymentId,
    stageName,
    ...(clientCertificateId && { clientCertificateId }),
    accessLogSetting: { destinationArn: accessLogGroup.logGroupArn, format: accessLogFormat() },
    methodSettings: [
      methodSetting('*', '/*', throttle),
      ...methodThrottles.map(({ method, path, rate, burst }) =>
        // an own setting of a method replaces the whole of the stage's
        methodSetting(method, `/${path.replaceAll('/', '~1')}`, { rate, burst }),
      ),
    ],
  });
  Validations.of(stage).acknowledge({
    id: 'AwsSolutions::AwsSolutions-APIG6',
    reason: 'execution logs hold bodies and most of each credential; the access log records every request',
  });
  stage.node.addDependency(...after);
  return stage;
}

/** Execution logs stay off: they hold bodies and most of each credential (aws-facts 8.11). */
function methodSetting(
  httpMethod: string,
  resourcePath: string,
  { rate, burst }: Throttle,
): apigateway.CfnStage.MethodSettingProperty {
  return {
    httpMethod,
    resourcePath,
    throttlingRateLimit: rate,
    throttlingBurstLimit: burst,
    loggingLevel: 'OFF',
    dataTraceEnabled: false,
    // metrics by method are priced by the metric; those of the API and stage come free
    metricsEnabled: false,
  };
}
