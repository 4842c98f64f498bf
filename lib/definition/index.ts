export { compile } from './compile';
export type { CompileOptions } from './compile-options';
export * from './compiled-api';
export { enforcedDocument } from './explain/enforced-document';
export { explainOperation } from './explain/explain-operation';
export type { ExplainedRule, ExplainedStage, Explanation } from './explain/explanation';
export { rankFindings } from './explain/rank-findings';
export { OpenApiDocument, type OpenApiDocumentOptions, type OpenApiTextOptions } from './open-api-document';
export { type Finding, FindingSeverity } from './report';
