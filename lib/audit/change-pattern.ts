/** Values of a call's parameters that make it one of ours, any of them. A dot in a name leads into an object. */
export type Subject = Readonly<Record<string, readonly Named[]>>;

/** How a call may name a thing. */
export type Named = string | Ending | Beginning;

/** Of a name or of an ARN with that name. */
export interface Ending {
  readonly suffix: string;
}

/** Of an ARN whose end is not known. */
export interface Beginning {
  readonly prefix: string;
}

export interface ChangePatternProps {
  /** For example `aws.wafv2`. */
  readonly source: string;
  /** Beginnings of the names of calls; all that change something, if absent. */
  readonly events?: readonly string[] | undefined;
  /** Any call, if empty. */
  readonly subject: Subject;
  /** ARNs of roles that do this all day. */
  readonly except: readonly string[];
}

/**
 * Pattern of calls that change something, as CloudTrail tells EventBridge of them.
 *
 * A flag that a record lacks counts as the one that reports it: what is not known is told rather than kept back.
 */
export function changePattern({ source, events, subject, except }: ChangePatternProps): object {
  return {
    source: [source],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      readOnly: [false, { exists: false }],
      // an account may trace reads and writes of items too
      eventCategory: ['Management', { exists: false }],
      ...(events && { eventName: events.map((prefix) => ({ prefix })) }),
      ...(except.length > 0 && {
        userIdentity: {
          sessionContext: { sessionIssuer: { arn: [{ 'anything-but': [...except] }, { exists: false }] } },
        },
      }),
      ...alternatives(subject),
    },
  };
}

function alternatives(subject: Subject): object {
  const each = Object.entries(subject).map(([name, values]) => ({
    requestParameters: name.split('.').reduceRight<object>((inner, part) => ({ [part]: inner }), [...values]),
  }));
  return each.length > 1 ? { $or: each } : (each[0] ?? {});
}
