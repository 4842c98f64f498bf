// owned by helper C: this is a thin version until the real one lands
import type { ParameterRule } from '../../protocol/parameter-rules';
import type { Report } from '../report';
import type { DocumentSource, Sourced } from '../source';

export interface ParameterContext {
  readonly source: DocumentSource;
  readonly report: Report;
  readonly dialect: '3.0' | '3.1';
  /** `METHOD path`, for findings. */
  readonly operation: string;
  /** Violations are logged, not refused. */
  readonly observe: boolean;
}

/** The rules for the parameters of one operation, those of its path item included. */
export function compileParameters(
  pathItem: Sourced,
  operation: Sourced,
  { source }: ParameterContext,
): ParameterRule[] {
  const rules = new Map<string, ParameterRule>();
  for (const holder of [pathItem, operation]) {
    const list = source.child(holder, 'parameters');
    if (!Array.isArray(list.value)) continue;
    for (const index of list.value.keys()) {
      const node = source.deref(source.child(list, index));
      const name = source.child(node, 'name').value;
      const place = source.child(node, 'in').value;
      if (typeof name !== 'string') continue;
      if (place !== 'path' && place !== 'query' && place !== 'header' && place !== 'cookie') continue;
      const required = source.child(node, 'required').value === true;
      rules.set(`${place} ${name}`, {
        name: place === 'header' ? name.toLowerCase() : name,
        in: place,
        ...(required ? { required } : {}),
        value: {},
      });
    }
  }
  return [...rules.values()];
}
