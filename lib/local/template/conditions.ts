import { isObject, listOf, textOf } from './read';
import type { TemplateResolver } from './resolver';

/** Whether a condition of the template, or a condition function, holds. */
export function conditionHolds(condition: unknown, resolver: TemplateResolver): boolean {
  if (!isObject(condition)) return condition === true || condition === 'true';

  const [[key, argument] = ['', undefined]] = Object.entries(condition);
  const parts = listOf(argument);
  const holds = (part: unknown) => conditionHolds(part, resolver);
  switch (key) {
    case 'Condition':
      return resolver.condition(textOf(argument) ?? '');
    case 'Fn::Equals':
      return resolver.text(parts[0]) === resolver.text(parts[1]);
    case 'Fn::And':
      return parts.every(holds);
    case 'Fn::Or':
      return parts.some(holds);
    case 'Fn::Not':
      return !holds(parts[0]);
    case 'Fn::Contains':
      return listOf(resolver.resolve(parts[0])).includes(resolver.resolve(parts[1]));
    default:
      resolver.unresolved(`condition ${key}`, 'it is not known here');
      return false;
  }
}
