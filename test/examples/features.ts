import { Duration, type Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
  type IApplicationLoadBalancer,
  ListenerCertificate,
  MutualAuthenticationMode,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  ApiKeyStore,
  AuditExport,
  Authentication,
  Backend,
  Countries,
  EdgeRule,
  FindingSeverity,
  FirehoseTarget,
  JwtAlgorithm,
  LoggingRole,
  OpenApiDocument,
  Quota,
  Rate,
  SecureApiGateway,
  Truststore,
} from 'cdk-secure-api-gateway';

/** What each example starts from: a load balancer, and a gateway's three required props. */
function basics(alb: IApplicationLoadBalancer) {
  return {
    definition: OpenApiDocument.fromFile('test/examples/catalogue.yaml'),
    authentication: {
      customer: Authentication.jwt({ issuer: 'https://id.example.com/', audiences: ['catalogue'] }),
    },
    backends: { catalogue: Backend.applicationLoadBalancer(alb, { serverName: 'catalogue.example.com' }) },
  };
}

export function tokens(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region tokens
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    authentication: {
      customer: Authentication.jwt({
        issuer: 'https://id.example.com/',
        audiences: ['catalogue'],
        algorithms: [JwtAlgorithm.ES256],
        rolesClaim: 'realm_access.roles',
        maximumLifetime: Duration.minutes(15),
      }),
    },
  });
  // #endregion
}

export function domain(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789',
    zoneName: 'example.com',
  });
  // #region domain
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    domain: { domainName: 'api.example.com', hostedZone, tls13Only: true },
  });
  // #endregion
}

export function mutualTls(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789',
    zoneName: 'example.com',
  });
  const bucket = Bucket.fromBucketName(stack, 'Truststores', 'truststores');
  // #region mutualTls
  const store = new ApiKeyStore(stack, 'Keys');
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    domain: {
      domainName: 'api.example.com',
      hostedZone,
      mutualTls: {
        truststore: Truststore.fromBucket(bucket, 'partners.pem', 'tH5bM1aRk'),
        allowedSubjects: ['C=GB, O=Carrier, CN=batch', 'C=GB, O=Carrier, CN=tracking'],
        revocations: store,
      },
    },
  });
  // #endregion
}

export function identityHeaders(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region identityHeaders
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    identityHeaders: { userId: 'X-Caller-Id', tenantId: 'X-Organisation' },
  });
  // #endregion
}

export function clientCertificate(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  const vpc = new Vpc(stack, 'ServiceVpc');
  const certificates = [ListenerCertificate.fromArn('arn:aws:acm:eu-west-1:111111111111:certificate/1')];
  const targets = new ApplicationTargetGroup(stack, 'Targets', { vpc, port: 8443 });
  // #region clientCertificate
  const service = new ApplicationLoadBalancer(stack, 'Catalogue', { vpc });
  service.addListener('Https', {
    port: 443,
    open: false,
    certificates,
    defaultTargetGroups: [targets],
    mutualAuthentication: { mutualAuthenticationMode: MutualAuthenticationMode.PASS_THROUGH },
  });
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    backends: {
      catalogue: Backend.applicationLoadBalancer(service, {
        serverName: 'catalogue.example.com',
        clientCertificate: true,
      }),
    },
    clientCertificates: ['2026'],
  });
  // #endregion
}

export function apiKeys(stack: Stack, alb: IApplicationLoadBalancer) {
  const { backends } = basics(alb);
  // #region apiKeys
  const keys = new ApiKeyStore(stack, 'Keys');
  new SecureApiGateway(stack, 'Gateway', {
    definition: OpenApiDocument.fromFile('test/examples/partners.yaml'),
    authentication: { machine: Authentication.apiKey({ keys }) },
    backends,
    revokeWithin: Duration.seconds(10),
  });
  // #endregion
}

export function edge(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region edge
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    edge: {
      countries: Countries.only('GB', 'IE'),
      deny: ['198.51.100.0/24', '2001:db8:bad::/48'],
      rates: [Rate.perAddress(600), Rate.withoutCredential(100)],
      count: [EdgeRule.NOSQL_OPERATORS],
    },
  });
  // #endregion
}

export function tiers(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region tiers
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    tiers: {
      free: { rate: 5, burst: 10, quota: Quota.perDay(1_000) },
      pro: { rate: 100, burst: 200 },
    },
    throttle: { rate: 500, burst: 250 },
  });
  // #endregion
}

export function audit(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region audit
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    audit: { retention: RetentionDays.TWO_YEARS, loggingRole: LoggingRole.EXISTING },
  });
  // #endregion
}

export function findings(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region findings
  new SecureApiGateway(stack, 'Gateway', { ...required, failOn: FindingSeverity.WARNING });
  // #endregion
}

export function amendments(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region amendments
  const gateway = new SecureApiGateway(stack, 'Gateway', required);
  const api = gateway.restApi; // the gateway's node.defaultChild, a CfnRestApi
  api.addPropertyOverride('Name', 'catalogue');
  api.addPropertyOverride('Body.paths./health.get.x-amazon-apigateway-integration.timeoutInMillis', 1_000);
  gateway.stage.tracingEnabled = true;
  // #endregion
}

export function alarms(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  const onCall = new Topic(stack, 'OnCall');
  // #region alarms
  const gateway = new SecureApiGateway(stack, 'Gateway', {
    ...required,
    audit: {
      alarmTopic: onCall,
      alarmThresholds: { serverErrors: 20, latency: Duration.seconds(1) },
      dashboard: true,
    },
  });
  gateway
    .metricForbidden({ period: Duration.hours(1) })
    .createAlarm(stack, 'Curious', { threshold: 1_000, evaluationPeriods: 1 });
  // #endregion
}

export function changes(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  const onCall = new Topic(stack, 'OnCall');
  // #region changes
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    audit: { alarmTopic: onCall, unreportedRoles: ['arn:aws:iam::111111111111:role/pipeline'] },
  });
  // #endregion
}

export function siem(stack: Stack, alb: IApplicationLoadBalancer) {
  const gateway = new SecureApiGateway(stack, 'Gateway', {
    ...basics(alb),
    audit: { export: AuditExport.s3() },
  });
  const siem = new Role(stack, 'Siem', { assumedBy: new AccountPrincipal('222222222222') });
  // #region siem
  const announcements = new Queue(stack, 'Announcements', { enforceSSL: true });
  const archive = gateway.auditArchive; // the bucket of AuditExport.s3()
  archive?.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(announcements), {
    prefix: 'trail/',
  });
  archive?.grantRead(siem, 'trail/*');
  announcements.grantConsumeMessages(siem);
  // #endregion
}

export function stream(stack: Stack, alb: IApplicationLoadBalancer) {
  const required = basics(alb);
  // #region stream
  const splunk = DeliveryStream.fromDeliveryStreamName(stack, 'Splunk', 'to-splunk');
  new SecureApiGateway(stack, 'Gateway', {
    ...required,
    audit: { export: AuditExport.firehose(splunk, FirehoseTarget.SPLUNK) },
  });
  // #endregion
}
