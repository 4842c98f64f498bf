export type { Draft4 } from './draft4';
export { FORMATS } from './formats';
export { KEYWORDS, usesKeyword } from './keywords';
export { type ModelOptions, ModelRegistry } from './model-registry';
export { fieldPrefix } from './name-of-place';
export { portablePattern } from './pattern';
export { References } from './references';
export {
  at,
  elementsAt,
  entriesAt,
  keyOf,
  type ObjectNode,
  type SchemaNode,
  schemaAt,
} from './schema-node';
export { Shapes } from './shape';
