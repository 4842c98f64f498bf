// An authorizer that does what the request's `Play` header says; allows by default.
let invocations = 0;

exports.handler = async (event) => {
  invocations += 1;
  console.log(JSON.stringify(event));
  const name = Object.keys(event.headers ?? {}).find((key) => key.toLowerCase() === 'play');
  const {
    fail,
    exit,
    hang,
    answer,
    context,
    effect = 'Allow',
    key,
    resource,
  } = name ? JSON.parse(event.headers[name]) : {};
  if (fail) throw new Error(fail);
  if (exit !== undefined) process.exit(exit);
  if (hang) await new Promise(() => {});
  if (answer !== undefined) return answer;
  return {
    principalId: 'caller',
    usageIdentifierKey: key ?? 'plankeyofauthenticated00',
    context: {
      userId: 'alice',
      invocations,
      now: Date.now(),
      greeting: process.env.GREETING ?? '-',
      ...context,
    },
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resource ?? event.methodArn }],
    },
  };
};
