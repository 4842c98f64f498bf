import { isObject, listOf, numberOf, objectOf, textOf } from '../template/read';

/** A metric that a log line carries in CloudWatch's embedded format. */
export interface EmbeddedMetric {
  /** `Namespace/Name` */
  readonly name: string;
  readonly value: number;
}

export function embeddedMetrics(line: string): readonly EmbeddedMetric[] {
  // most lines carry none, and parsing them all would cost more than all else
  if (!line.includes('"_aws"')) return [];

  const parsed = parse(line);
  const directives = listOf(objectOf(parsed['_aws'])['CloudWatchMetrics']).filter(isObject);
  return directives.flatMap(({ Namespace, Metrics }) =>
    listOf(Metrics).flatMap((metric) => {
      const name = textOf(objectOf(metric)['Name']);
      const value = name === undefined ? undefined : numberOf(parsed[name]);
      return value === undefined ? [] : [{ name: `${Namespace}/${name}`, value }];
    }),
  );
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return {};
  }
}
