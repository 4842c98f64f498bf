import { TIME_TO_LIVE } from '../../../lib/protocol/key-table';
import { LIMIT_KEY, LIMIT_STATE } from '../../../lib/protocol/limits';
import { AwsCallError, awsCaller } from '../../shared/aws-call';
import { DYNAMODB } from '../../shared/dynamodb';
import { Memory } from '../memory';
import { type Gcra, type Taken, take } from './gcra';
import { type LimitStore, type Patience, ThrottledKeyError } from './limit-store';

/** Keys whose state one instance remembers. */
const REMEMBERED_KEYS = 10_000;

/** Someone else must come between every time for a request to need more. */
const MOST_ROUNDS = 10;

/**
 * A partition takes 1,000 writes a second, however much its table may: so many come for one key before DynamoDB
 * refuses it alone. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const THROTTLED = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'];

/** DynamoDB deletes within days of the time an item gives; a limit is forgotten a while after it is whole again. */
const KEPT_SECONDS = 60;

/**
 * Counts in a DynamoDB table, by this instance's clock.
 *
 * One conditional write counts a request: whoever is busy is moved by an interval if that leaves him within the
 * tolerance, whoever is idle begins anew. Which of the two it is, is guessed from what is remembered, and the
 * failed condition says the state. A state only grows, so a remembered one that is too far ahead refuses
 * without a call.
 */
export class DynamoDbLimitStore implements LimitStore {
  private readonly known = new Memory<number>(REMEMBERED_KEYS);

  constructor(
    private readonly table: string,
    /** Milliseconds of Unix time. */
    private readonly clock: () => number,
    private readonly call = awsCaller(DYNAMODB),
  ) {}

  public async take(key: string, gcra: Gcra, patience: Patience): Promise<Taken> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const now = Math.round(this.clock() * 1_000);
      const known = this.known.get(key);
      const expected = take(gcra, known, now);
      if (!expected.admitted) return expected;

      const busy = known !== undefined && known >= now;
      const before = await this.write(key, gcra, now, busy, patience).catch((error: unknown) => {
        // counted here at least: a flood ends with what this instance lets through, and so does its writing
        if (error instanceof ThrottledKeyError)
          this.known.set(key, take(gcra, this.known.get(key), now).arrival);
        throw error;
      });
      if (before.written) {
        this.known.set(key, before.arrival);
        return { admitted: true, arrival: before.arrival, now };
      }
      if (before.arrival === undefined) this.known.delete(key);
      else this.known.set(key, before.arrival);
    }
    // others were admitted each time, and were there first
    const now = Math.round(this.clock() * 1_000);
    return { admitted: false, arrival: now + gcra.tolerance + gcra.interval, now };
  }

  public async peek(key: string, patience: Patience): Promise<number | undefined> {
    const input = { TableName: this.table, Key: { [LIMIT_KEY]: { S: key } }, ConsistentRead: true };
    const { Item } = await this.call('GetItem', input, patience.signal);
    return arrivalOf(Item);
  }

  /** Whether it was written, and the state then. */
  private async write(
    key: string,
    { interval, tolerance }: Gcra,
    now: number,
    busy: boolean,
    patience: Patience,
  ): Promise<{ written: true; arrival: number } | { written: false; arrival: number | undefined }> {
    const forgotten = Math.ceil((now + tolerance + interval) / 1_000_000) + KEPT_SECONDS;
    const input = {
      TableName: this.table,
      Key: { [LIMIT_KEY]: { S: key } },
      UpdateExpression: `SET #tat = ${busy ? '#tat + :interval' : ':first'}, #until = :until`,
      ConditionExpression: busy
        ? '#tat BETWEEN :now AND :latest'
        : 'attribute_not_exists(#tat) OR #tat < :now',
      ExpressionAttributeNames: { '#tat': LIMIT_STATE, '#until': TIME_TO_LIVE },
      ExpressionAttributeValues: {
        ':now': { N: String(now) },
        ':until': { N: String(forgotten) },
        ...(busy
          ? { ':interval': { N: String(interval) }, ':latest': { N: String(now + tolerance) } }
          : { ':first': { N: String(now + interval) } }),
      },
      ReturnValues: 'UPDATED_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    try {
      const { Attributes } = await this.call('UpdateItem', input, patience.signal);
      return { written: true, arrival: arrivalOf(Attributes) ?? now + interval };
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (THROTTLED.includes(error.type)) throw new ThrottledKeyError(error.type);
      if (error.type !== 'ConditionalCheckFailedException') throw error;
      // some emulators do not answer with the item
      const { Item } = error.answer;
      return { written: false, arrival: Item ? arrivalOf(Item) : await this.peek(key, patience) };
    }
  }
}

function arrivalOf(item: unknown): number | undefined {
  const attribute = (item as Readonly<Record<string, { readonly N?: string }>> | undefined)?.[LIMIT_STATE];
  return attribute?.N === undefined ? undefined : Number(attribute.N);
}
