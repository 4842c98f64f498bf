import { BodySize, type EdgeOperation } from '../edge-operation';
import { elsewhereThan } from '../operation-statement';
import { escapePattern, inBothCases, inChunks, MAXIMUM_PATTERN } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';
import {
  all,
  anyOf,
  BODY,
  BODY_OR_MORE,
  header,
  longerThan,
  matchesAnyCase,
  not,
  type Statement,
} from '../statement';
import type { WebAclSettings } from '../web-acl-settings';

const XML = /^(\*|application|text)\/(\*|xml|[\w.+-]+\+xml)$/;

/**
 * A body is sent as it is. API Gateway unpacks a compressed one by itself
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html), and
 * WAF does not: a rule would look at what the backend never gets. Some clients say of a plain one that it is `identity`;
 * every other coding has a character that this has not, and a list of codings a comma.
 */
export function contentEncoding(): RuleDraft[] {
  const response = { refusal: 'UNSUPPORTED_MEDIA_TYPE' } as const;
  return [{ statement: matchesAnyCase(header('content-encoding'), '[^identy\\s]'), response }];
}

/**
 * A body comes to an operation that takes one, as one of the declared media types; which operation takes which is
 * known later.
 */
export function mediaType({ settings }: RuleContext): RuleDraft[] {
  const { mediaTypes, bodies, bodySizes, uninspected, pathPrefixes } = settings;
  const lists = [mediaTypes, bodies].filter((list) => list !== undefined);
  if (lists.length === 0) return [];
  const someBody = longerThan(BODY_OR_MORE, 0);
  const response = { refusal: 'UNSUPPORTED_MEDIA_TYPE' } as const;
  if (lists.some((list) => list.length === 0)) return [{ statement: someBody, response }];

  const declared = mediaTypes && ofTypes(mediaTypes);
  const elsewhere = bodies && elsewhereThan(bodies, [...bodySizes, ...uninspected], pathPrefixes);
  const refused = anyOf([declared && not(declared), elsewhere].flatMap((each) => each ?? []));
  return refused ? [{ statement: all(someBody, refused), response }] : [];
}

function ofTypes(mediaTypes: readonly string[]): Statement | undefined {
  const types = mediaTypes.map((type) => escapePattern(type.toLowerCase()).replaceAll('\\*', '[^;,\\s]+'));
  const patternOf = (chunk: readonly string[]) => `^\\s*(${chunk.join('|')})\\s*(;.*)?$`;
  const room = MAXIMUM_PATTERN - patternOf([]).length;
  const fits = (type: string) => inBothCases(type).length <= room;
  const statement = (chunk: readonly string[]) => matchesAnyCase(header('content-type'), patternOf(chunk));
  const short = inChunks(types.filter(fits), room, inBothCases);
  const long = inChunks(
    types.filter((type) => !fits(type)),
    room,
  );

  return anyOf([...short, ...long].map(statement));
}

/** One rule a size class: larger bodies are refused but where an operation of a larger class takes them. */
export function bodySize({ settings }: RuleContext): RuleDraft[] {
  const largest = inspectionLimit(settings);
  const classes = [BodySize.KB_16, BodySize.KB_32, BodySize.KB_64].filter((size) => size <= largest);

  return classes.map((size) => {
    const tooLarge = longerThan(BODY_OR_MORE, size * 1024);
    const elsewhere = notTaken(settings, size);

    return {
      suffix: String(size),
      statement: elsewhere ? all(tooLarge, elsewhere) : tooLarge,
      response: { refusal: 'PAYLOAD_TOO_LARGE' },
    };
  });
}

/** True of requests to no operation that takes more than `size`; nothing if there is none. */
function notTaken({ bodies = [], bodySizes, uninspected, pathPrefixes }: WebAclSettings, size: BodySize) {
  const takers: EdgeOperation[] = [...bodySizes.filter((operation) => operation.size > size), ...uninspected];

  return elsewhereThan(
    takers,
    [...bodySizes.filter((operation) => operation.size <= size), ...bodies],
    pathPrefixes,
  );
}

/** How much of a body WAF must be given, in KB, so that the largest class is looked at whole. */
export function inspectionLimit({ bodySizes }: WebAclSettings): BodySize {
  return Math.max(BodySize.KB_16, ...bodySizes.map(({ size }) => size));
}

/** Where XML is let through, it defines no document type and no entity, in UTF-8 or UTF-16. */
export function xmlEntities({ settings: { mediaTypes } }: RuleContext): RuleDraft[] {
  if (mediaTypes && !mediaTypes.some((type) => XML.test(type.toLowerCase()))) return [];
  const spread = (text: string) => [...text].join('\\x00?');
  const pattern = `${spread('<!')}\\x00?(${spread('doctype')}|${spread('entity')})`;
  const found = anyOf([matchesAnyCase(BODY, pattern)]);

  return found ? [{ statement: found }] : [];
}
