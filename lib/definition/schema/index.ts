export { FORMATS } from './formats';
export { type ModelOptions, ModelRegistry } from './model-registry';
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
