import { type AwsTarget, clientOptions } from '../keys/aws-target';
import { explainAws, notAws, type Refusals } from '../keys/explain-aws';
import { keyError } from '../keys/key-error';
import { stackOutputs } from '../keys/stack-outputs';
import { importPeer } from '../local/optional-peer';
import { DENY_FUNCTION_OUTPUT, type ThreatFeedAnswer } from '../protocol/threat-feed';
import type { CallFunction } from './deny-list';

/** Name of the function that keeps the lists of a stack's gateway; `named` tells which where it has several. */
export async function functionOfStack(stackName: string, target: AwsTarget, named?: string): Promise<string> {
  const outputs = await stackOutputs(stackName, target);
  const functions = outputs
    .filter(({ description }) => description === DENY_FUNCTION_OUTPUT)
    .map(({ value }) => value);
  const [first, ...others] = functions;
  if (first !== undefined && named !== undefined) {
    if (functions.includes(named)) return named;
    throw keyError(
      'OTHER_STACK',
      stackName,
      `this stack has no function ${named} that keeps a list, but ${functions.join(', ')}`,
      'give --stack or --function alone',
    );
  }
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw keyError(
      'SEVERAL_DENY_FUNCTIONS',
      stackName,
      `this stack has ${others.length + 1} gateways with a list of attackers, of the functions ${[first, ...others].join(', ')}`,
      'name one after the other by --function',
    );
  }

  throw keyError(
    'NO_DENY_FUNCTION',
    stackName,
    'this stack has no list of attackers',
    "give the gateway's edge `threatFeeds: []` and deploy",
  );
}

/** The function takes two minutes at most, to fetch all feeds. */
const FUNCTION_MILLIS = 150_000;

/** Calls a function of AWS Lambda and answers what it answers. */
export function callerOf(functionName: string, target: AwsTarget): CallFunction {
  return async (request) => {
    const { LambdaClient, InvokeCommand } = await importPeer(
      '@aws-sdk/client-lambda',
      import('@aws-sdk/client-lambda'),
    );
    const { Payload, FunctionError } = await new LambdaClient(clientOptions(target, FUNCTION_MILLIS))
      .send(new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }))
      .catch((cause: unknown) => {
        throw explainAws(cause, functionName, OF_FUNCTION);
      });
    const text = Payload ? Buffer.from(Payload).toString('utf8') : '';
    if (FunctionError) {
      throw keyError(
        'FUNCTION_FAILED',
        functionName,
        `the function that keeps the list failed: ${failureIn(text)}`,
        'look at its log, and run the same command again',
      );
    }
    const answer = parsed(text);
    if (isAnswer(answer)) return answer;
    throw notAws(functionName, 'it has no answer of the function that keeps the list');
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is ThreatFeedAnswer {
  const { ok, code, message, denied = [], notTaken = [] } = Object(value);
  if (ok !== true) return ok === false && areTexts(code, message);
  return (
    Array.isArray(denied) &&
    denied.every((one) => areTexts(Object(one).network, Object(one).by, Object(one).reason)) &&
    Array.isArray(notTaken) &&
    notTaken.every((one) => areTexts(Object(one).feed, Object(one).reason))
  );
}

const areTexts = (...values: readonly unknown[]) => values.every((value) => typeof value === 'string');

/** What Lambda says of it; its stack is for those who read its log. */
function failureIn(text: string): string {
  const { errorType, errorMessage } = Object(parsed(text));
  const words = [errorType, errorMessage].filter((part) => typeof part === 'string').join(': ');
  return words.slice(0, 300) || 'it does not say why';
}

const OF_FUNCTION: Refusals = {
  AccessDeniedException: {
    code: 'NO_PERMISSION',
    message: 'AWS does not let you call the function that keeps the list',
    remedy: 'use a role that may lambda:InvokeFunction on it',
  },
  ResourceNotFoundException: {
    code: 'NO_SUCH_FUNCTION',
    message: 'there is no such function in this account and region',
    remedy: 'check --function or --stack, --region, and the account you are signed in to',
  },
};
