import { BodySize, type EdgeOperation } from '../edge-operation';
import { plainlyTo } from '../operation-statement';
import { escapePattern } from '../path-pattern';
import type { RuleContext, RuleDraft } from '../rule-draft';
import { all, anyOf, BODY, BODY_OR_MORE, header, longerThan, matches, not } from '../statement';
import type { WebAclSettings } from '../web-acl-settings';

const XML = /^(\*|application|text)\/(\*|xml|[\w.+-]+\+xml)$/;

/** A body comes as one of the declared media types or not at all; which operation takes which is known later. */
export function mediaType({ settings: { mediaTypes } }: RuleContext): RuleDraft[] {
  if (!mediaTypes) return [];
  const someBody = longerThan(BODY_OR_MORE, 0);
  const response = { refusal: 'UNSUPPORTED_MEDIA_TYPE' } as const;
  if (mediaTypes.length === 0) return [{ statement: someBody, response }];

  const types = mediaTypes.map((type) => escapePattern(type.toLowerCase()).replaceAll('\\*', '[^;,\\s]+'));
  const declared = matches(header('content-type'), `^\\s*(${types.join('|')})\\s*(;.*)?$`, 'LOWERCASE');

  return [{ statement: all(someBody, not(declared)), response }];
}

/** One rule a size class: larger bodies are refused but where an operation of a larger class takes them. */
export function bodySize({ settings }: RuleContext): RuleDraft[] {
  const largest = inspectionLimit(settings);
  const classes = [BodySize.KB_16, BodySize.KB_32, BodySize.KB_64].filter((size) => size <= largest);

  return classes.map((size) => {
    const larger: EdgeOperation[] = settings.bodySizes.filter((operation) => operation.size > size);
    const taken = plainlyTo([...larger, ...settings.uninspected], settings.pathPrefixes);
    const tooLarge = longerThan(BODY_OR_MORE, size * 1024);

    return {
      suffix: String(size),
      statement: taken ? all(tooLarge, not(taken)) : tooLarge,
      response: { refusal: 'PAYLOAD_TOO_LARGE' },
    };
  });
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
  const found = anyOf([matches(BODY, pattern, 'LOWERCASE')]);

  return found ? [{ statement: found }] : [];
}
