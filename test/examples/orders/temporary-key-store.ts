import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
export class ApiKeyStore extends Construct {
  readonly table: Table;
  readonly prefix = 'sk';
  readonly environment = 'live';
  constructor(s: Construct, id: string) {
    super(s, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
    });
  }
  grantRead(g: IGrantable) {
    return this.table.grant(g, 'dynamodb:GetItem');
  }
}
