import { Aws, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** Where API Gateway calls a function. */
export function invocationUri(handler: lambda.Function): string {
  return `arn:${Aws.PARTITION}:apigateway:${Stack.of(handler).region}:lambda:path/2015-03-31/functions/${handler.functionArn}/invocations`;
}

/** Lets one part of one API, and nothing else, invoke a function. */
export function allowInvocation(handler: lambda.Function, restApiId: string, part: string): void {
  handler.addPermission('Invoke', {
    principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: Stack.of(handler).formatArn({
      service: 'execute-api',
      resource: restApiId,
      resourceName: part,
    }),
  });
}
