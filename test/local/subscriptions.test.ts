import { run } from './running';

const AUDITED = {
  Type: 'AWS::Logs::LogGroup',
  Properties: {
    DataProtectionPolicy: {
      Configuration: { CustomDataIdentifier: [{ Name: 'Key', Regex: 'sk_live_[0-9A-Za-z]+' }] },
      Statement: [{ DataIdentifier: ['Key'], Operation: { Deidentify: { MaskConfig: {} } } }],
    },
  },
};

const subscription = (FilterPattern: string, group = 'AccessLog') => ({
  Type: 'AWS::Logs::SubscriptionFilter',
  Properties: { LogGroupName: { Ref: group }, DestinationArn: 'arn:aws:firehose:::x', FilterPattern },
});

async function exportedBy(filter: object) {
  const running = await run({
    stage: {
      AccessLogSetting: {
        DestinationArn: { 'Fn::GetAtt': ['AccessLog', 'Arn'] },
        Format: '{"http":{"agent":"$context.identity.userAgent","status":"$context.status"}}',
      },
    },
    resources: { AccessLog: AUDITED, Other: AUDITED, Filter: filter },
  });
  await running.send('GET /orders', { headers: { 'User-Agent': 'sk_live_0123abc' } });
  await running.send('GET /nowhere', { headers: { 'User-Agent': 'curl' } });

  const { gateway } = running;
  const lines = gateway.exported().map(({ line }) => JSON.parse(line).http);
  await running.close();
  return { lines, ignored: gateway.ignored };
}

const ORDER = { agent: '***************', status: '200' };
const NOWHERE = { agent: 'curl', status: '403' };

describe('a subscription filter', () => {
  test.each<[string, object, readonly object[]]>([
    ['everything', subscription(''), [ORDER, NOWHERE]],
    ['a member that is there', subscription('{ $.http.status = "*" }'), [ORDER, NOWHERE]],
    ['a member that is not', subscription('{ $.level = "*" }'), []],
    ['a text', subscription('{ $.http.status = "403" }'), [NOWHERE]],
    ['everything of another group', subscription('', 'Other'), []],
  ])(
    'hands on what its pattern selects, masked, and nothing of another group: %s',
    async (_, filter, lines) => {
      expect((await exportedBy(filter)).lines).toEqual(lines);
    },
  );

  test('hands on nothing where its pattern is not understood here, and is named', async () => {
    const { lines, ignored } = await exportedBy(subscription('[ip, user]'));

    expect(lines).toEqual([]);
    expect(ignored).toContainEqual(expect.stringContaining('subscription filter Filter'));
  });
});
