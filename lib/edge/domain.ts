import { Annotations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct, type IDependable } from 'constructs';
import type { DomainOptions } from './domain-options';
import { tlsSettings } from './security-policy';

/** Days before its end at which a certificate that nobody renews is worth an alarm. */
const EXPIRY_DAYS = 30;

/** How requests on the domain find an API. */
export enum DomainRouting {
  /** By their first path segment. */
  BASE_PATH = 'BASE_PATH_MAPPING_ONLY',
  /** By rules on headers and base paths. */
  RULES = 'ROUTING_RULE_ONLY',
}

/** A domain on its own, for what is mapped to it by hand. */
export interface DomainProps extends DomainOptions {
  /**
   * How requests find their way to an API.
   *
   * @default - by base paths
   */
  readonly routing?: DomainRouting;
}

/** What a domain serves. */
export interface DomainTarget {
  /** Id of the REST API. */
  readonly restApiId: string;
  /** Name of its stage, for example `prod`. */
  readonly stageName: string;
  /**
   * First part of the path that leads there, without slashes, for example `v2`.
   *
   * @default - the whole domain
   */
  readonly basePath?: string;
}

/**
 * A regional custom domain with its certificate, TLS policy and alias records.
 */
export class Domain extends Construct {
  public readonly domainName: string;
  public readonly resource: apigateway.CfnDomainName;
  public readonly certificate: acm.ICertificate;

  /** Of a certificate that ACM may not renew; none where it was made here. */
  public readonly expiryAlarm?: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: DomainProps) {
    super(scope, id);
    const { domainName, hostedZone, tls13Only = false, mutualTls, routing } = props;

    this.domainName = domainName;
    this.certificate = props.certificate ?? this.defineCertificate(domainName, hostedZone);
    if (props.certificate) this.expiryAlarm = this.watchCertificate(props.certificate);

    this.resource = new apigateway.CfnDomainName(this, 'Resource', {
      domainName,
      regionalCertificateArn: this.certificate.certificateArn,
      endpointConfiguration: { types: ['REGIONAL'] },
      ...tlsSettings({ tls13Only, mutualTls: mutualTls !== undefined }),
      ...(routing && { routingMode: routing }),
      ...(mutualTls && {
        mutualTlsAuthentication: mutualTls.truststore._bind(this),
        ownershipVerificationCertificateArn: mutualTls.ownershipCertificate?.certificateArn,
      }),
    });
    if (hostedZone) this.defineRecords(hostedZone);
  }

  /**
   * Serves a stage. It waits for `after`, so that the stage is protected before the domain leads to it.
   */
  public serve({ restApiId, stageName, basePath }: DomainTarget, after: IDependable): void {
    const mapping = new apigateway.CfnBasePathMapping(this, `Mapping${basePath ?? ''}`, {
      domainName: this.resource.ref,
      restApiId,
      stage: stageName,
      ...(basePath && { basePath }),
    });
    mapping.node.addDependency(after);
  }

  private defineCertificate(domainName: string, hostedZone?: route53.IHostedZone): acm.ICertificate {
    return new acm.Certificate(this, 'Certificate', {
      domainName,
      validation: acm.CertificateValidation.fromDns(hostedZone),
    });
  }

  /** ACM renews what it issued and can validate; of one that comes from elsewhere that is not known here. */
  private watchCertificate(certificate: acm.ICertificate): cloudwatch.Alarm | undefined {
    if (certificate.node.defaultChild instanceof acm.CfnCertificate) return undefined;

    Annotations.of(this).addWarningV2(
      'secure-api-gateway:IMPORTED_CERTIFICATE',
      `the certificate of ${this.domainName} was made elsewhere: if it was imported into ACM, ACM does not renew it; an alarm tells ${EXPIRY_DAYS} days before it ends`,
    );
    return new cloudwatch.Alarm(this, 'CertificateExpiry', {
      alarmDescription: `The certificate of ${this.domainName} ends within ${EXPIRY_DAYS} days, and then nobody can connect. Import its successor under the same ARN, or see why ACM does not renew it.`,
      metric: certificate.metricDaysToExpiry(),
      threshold: EXPIRY_DAYS,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
    });
  }

  private defineRecords({ hostedZoneId }: route53.IHostedZone): void {
    for (const type of ['A', 'AAAA']) {
      new route53.CfnRecordSet(this, `Record${type}`, {
        hostedZoneId,
        name: this.domainName,
        type,
        aliasTarget: {
          dnsName: this.resource.attrRegionalDomainName,
          hostedZoneId: this.resource.attrRegionalHostedZoneId,
        },
      });
    }
  }
}
