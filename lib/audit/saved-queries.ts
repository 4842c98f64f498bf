import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

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
        'http.response.status_code',
        'error.type',
        'error.code',
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
    this.save('Key', 'what a key did', [access], {
      filterStatements: ['gateway.key_id = "KEY_ID"'],
      statsStatements: [
        'count(*) as requests, count_distinct(source.ip) as addresses by event.action, http.response.status_code',
      ],
      sort: 'requests desc',
    });
    this.save('Address', 'what an address asked of an operation', [access], {
      fields: [
        '@timestamp',
        'http.request.id',
        'http.response.status_code',
        'error.type',
        'user.id',
        'gateway.key_id',
      ],
      filterStatements: ['source.ip = "ADDRESS" and http.route = "ROUTE"'],
      sort: '@timestamp desc',
    });
    this.save('Refusals', 'who is refused, and why', [authorizer], {
      filterStatements: ['message = "refused"'],
      statsStatements: ['count(*) as requests by status, reason, operation, sourceIp, credentialId'],
      sort: 'requests desc',
    });
  }

  private save(
    id: string,
    question: string,
    logGroups: ILogGroup[],
    query: ConstructorParameters<typeof QueryString>[0],
  ) {
    new QueryDefinition(this, id, {
      queryDefinitionName: `${this.node.scope?.node.path}/${question}`,
      queryString: new QueryString({ ...query, limit: 1000 }),
      logGroups,
    });
  }
}
