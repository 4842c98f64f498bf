/**
 * Headers that API Gateway fails on when they are mapped (aws-facts 9.11), or that end at it (aws-facts 9.1): no
 * mapping can set them.
 */
export const UNMAPPABLE_HEADERS: readonly string[] = [
  'connection',
  'content-encoding',
  'content-length',
  'content-md5',
  'expect',
  'host',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'www-authenticate',
  'x-amzn-apigateway-api-id',
  'x-amzn-trace-id',
];
