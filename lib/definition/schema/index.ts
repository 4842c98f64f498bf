export { type ModelOptions, ModelRegistry } from './model-registry';
