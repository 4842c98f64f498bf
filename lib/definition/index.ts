export { compile } from './compile';
export type { CompileOptions } from './compile-options';
export * from './compiled-api';
export { OpenApiDocument, type OpenApiDocumentOptions, type OpenApiTextOptions } from './open-api-document';
export { type Finding, FindingSeverity } from './report';
