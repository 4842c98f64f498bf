import type { AwsService } from './aws-call';

export const DYNAMODB: AwsService = {
  name: 'dynamodb',
  variable: 'DYNAMODB',
  target: 'DynamoDB_20120810',
  contentType: 'application/x-amz-json-1.0',
};
