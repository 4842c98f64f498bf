import { Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct, IDependable } from 'constructs';
import { accessLogFormat } from './audit/access-log-format';
import type { GatewayLogs } from './audit/gateway-logs';
import type { MethodThrottle } from './definition/compiled-api';
import type { Throttle } from './traffic/throttle';

export interface StageParts {
  readonly restApiId: string;
  readonly deploymentId: string;
  readonly stageName: string;
  readonly accessLogGroup: ILogGroup;
  /** Makes the group of the execution logs. */
  readonly logs: GatewayLogs;
  /** Whether they are written: a body's property that no log may show could stand in the validator's words. */
  readonly executionLogs: boolean;
  readonly throttle: Throttle;
  readonly methodThrottles: readonly MethodThrottle[];
  /** Shown to backends. */
  readonly clientCertificateId?: string;
  /** What must be there before it serves: leave to call the authorizer, and what an access log is accepted with. */
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
    logs,
    executionLogs,
  } = parts;
  const loggingLevel = executionLogs ? 'ERROR' : 'OFF';

  const stage = new apigateway.CfnStage(scope, 'Stage', {
    restApiId,
    deploymentId,
    stageName,
    ...(clientCertificateId && { clientCertificateId }),
    accessLogSetting: { destinationArn: accessLogGroup.logGroupArn, format: accessLogFormat() },
    methodSettings: [
      methodSetting('*', '/*', throttle, loggingLevel),
      ...methodThrottles.map(({ method, path, rate, burst }) =>
        // an own setting of a method replaces the whole of the stage's
        methodSetting(method, `/${path.replaceAll('/', '~1')}`, { rate, burst }, loggingLevel),
      ),
    ],
  });
  // API Gateway makes it on the first line otherwise: kept for ever, by no key of ours, unmasked (aws-facts 8.12).
  // There without lines too: it is retained, and would be in the way of itself where the lines come back.
  const logGroupName = `API-Gateway-Execution-Logs_${restApiId}/${stageName}`;
  stage.node.addDependency(logs.group(scope, 'ExecutionLogs', { logGroupName }));
  if (!executionLogs) {
    Validations.of(stage).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG6',
      reason: 'execution logs may quote bodies that no log may show; the access log records every request',
    });
  }
  stage.node.addDependency(...after);
  return stage;
}

/** Never more than errors, and no data trace: it writes bodies and most of each credential (aws-facts 8.11). */
function methodSetting(
  httpMethod: string,
  resourcePath: string,
  { rate, burst }: Throttle,
  loggingLevel: 'ERROR' | 'OFF',
): apigateway.CfnStage.MethodSettingProperty {
  return {
    httpMethod,
    resourcePath,
    throttlingRateLimit: rate,
    throttlingBurstLimit: burst,
    loggingLevel,
    dataTraceEnabled: false,
    // metrics by method are priced by the metric; those of the API and stage come free
    metricsEnabled: false,
  };
}
