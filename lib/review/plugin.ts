import { dirname, join } from 'node:path';
import { visible } from '../visible';
import { TEMPLATE_SUFFIX } from './nested-templates';
import { readTemplates } from './read-templates';
import { REVIEW_RULES, type ReviewOptions, review } from './review';

/**
 * The review as a validation plugin: it runs at each synthesis, and fails it.
 *
 * `Validations.of(app).addPlugins(new SecureApiGatewayReview())`
 *
 * It has the shape of the CDK's `IPolicyValidationPlugin` and imports nothing of the CDK. What templates do not
 * tell is not a violation; the command prints it.
 */
export class SecureApiGatewayReview {
  public readonly name = 'secure-api-gateway';
  public readonly ruleIds: string[] = [...REVIEW_RULES];

  constructor(private readonly options: ReviewOptions = {}) {}

  public validate({ templatePaths }: ReviewContext): ReviewReport {
    const byStack = new Map(
      templatePaths.flatMap((path) =>
        readTemplates(path).map(
          (template) => [template.stack, { path: fileOf(template.stack, path), template }] as const,
        ),
      ),
    );
    const findings = review(
      [...byStack.values()].map(({ template }) => template),
      this.options,
    );

    const violations = findings
      .filter(({ certainty }) => certainty === 'certain')
      .map(({ rule, message, remedy, stack, logicalId, location }) => ({
        ruleName: rule,
        description: visible(message),
        fix: visible(remedy),
        severity: 'error',
        violatingResources: [
          {
            resourceLogicalId: logicalId,
            templatePath: byStack.get(stack)?.path ?? '',
            locations: [location],
          },
        ],
      }));
    return { success: violations.length === 0, violations };
  }
}

/** A nested stack's template lies beside its parent's. */
function fileOf(stack: string, path: string): string {
  const file = `${stack}${TEMPLATE_SUFFIX}`;
  return path.endsWith(TEMPLATE_SUFFIX) ? join(dirname(path), file) : path;
}

/** What the CDK hands a plugin, as far as it is read. */
export interface ReviewContext {
  readonly templatePaths: string[];
}

/** What the CDK takes from a plugin. */
export interface ReviewReport {
  readonly success: boolean;
  readonly violations: ReviewViolation[];
}

export interface ReviewViolation {
  readonly ruleName: string;
  readonly description: string;
  readonly fix: string;
  readonly severity: string;
  readonly violatingResources: {
    readonly resourceLogicalId: string;
    readonly templatePath: string;
    readonly locations: string[];
  }[];
}
