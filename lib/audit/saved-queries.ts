import { Stack } from 'aws-cdk-lib';
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { KEY_QUERY, savedQueryName, TENANT_QUERY } from '../protocol/saved-queries';

/** Logs of one gateway that name requests by the same id. */
export interface QueriedLogs {
  readonly access: ILogGroup;
  readonly authorizer: ILogGroup;
  /** None where the web ACL is defined elsewhere. */
  readonly webAcl?: ILogGroup;
}

/** Questions of an incident, saved beside the logs: replace what is in capitals and run them. They cost nothing by themselves. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { access, authorizer, webAcl }: QueriedLogs) {
    super(scope, id);
    const all = [access, authorizer, ...(webAcl ? [webAcl] : [])];

    this.save('Request', 'what became of a request', all, {
      fields: [
        '@timestamp',
        '@log',
        'event.reason',
        'status',
        'reason',
        'detail',
        'error',
        'terminatingRuleId',
      ],
      filterStatements: [
        'http.request.id = "REQUEST_ID" or requestId = "REQUEST_ID" or httpRequest.requestId = "REQUEST_ID"',
      ],
      sort: '@timestamp asc',
    });
    // a refused caller has no name in the access log: API Gateway hands on nothing of it
    this.save('Key', KEY_QUERY.question, [access, authorizer], {
      filterStatements: [
        `gateway.key_id = "${KEY_QUERY.placeholder}" or credentialId = "${KEY_QUERY.placeholder}"`,
      ],
      statsStatements: [
        'count(*) as requests, count_distinct(source.ip) as addresses by event.action, http.response.status_code, operation, reason',
      ],
      sort: 'requests desc',
    });
    this.save('Tenant', TENANT_QUERY.question, [access], {
      filterStatements: [`organization.id = "${TENANT_QUERY.placeholder}"`],
      statsStatements: [
        'count(*) as requests, count_distinct(source.ip) as addresses by gateway.key_id, event.action, http.response.status_code',
      ],
      sort: 'requests desc',
    });
    this.save('Address', 'what an address asked of an operation', [access], {
      fields: ['@timestamp', 'http.request.id', 'event.reason', 'user.id', 'gateway.key_id'],
      filterStatements: ['source.ip = "ADDRESS" and http.route = "ROUTE"'],
      sort: '@timestamp desc',
    });
    this.save('Stages', 'which stage refuses', [access], {
      filterStatements: ['error.type != "-" or gateway.waf.verdict = "WAF_BLOCK"'],
      statsStatements: [
        'count(*) as requests, count_distinct(source.ip) as addresses by event.reason, http.route',
      ],
      sort: 'requests desc',
    });
    this.save('Refusals', 'who is refused, and why', [authorizer], {
      filterStatements: ['message = "refused"'],
      statsStatements: ['count(*) as requests by status, reason, operation, sourceIp, credentialId'],
      sort: 'requests desc',
    });
  }

  /** Its path within the stack. */
  private get gateway(): string {
    const path = this.node.scope?.node.path ?? '';
    return path.slice(Stack.of(this).node.path.length).replace(/^\//, '');
  }

  private save(
    id: string,
    question: string,
    logGroups: ILogGroup[],
    query: ConstructorParameters<typeof QueryString>[0],
  ) {
    const { stackName } = Stack.of(this);
    new QueryDefinition(this, id, {
      queryDefinitionName: savedQueryName(stackName, this.gateway, question),
      queryString: new QueryString({ ...query, limit: 1000 }),
      logGroups,
    });
  }
}
