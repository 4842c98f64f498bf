export type { Origin } from './doors/door';
export { backendsOf, type Path, pathsTo } from './doors/paths-to';
export type { Certainty, ReviewFinding } from './finding';
export { formatFindings } from './format';
export type { CloudFormationTemplate, Resource, StackTemplate } from './model/template';
export { World } from './model/world';
export { SecureApiGatewayReview } from './plugin';
export { readTemplates } from './read-templates';
export { REVIEW_RULES, type ReviewOptions, review } from './review';
