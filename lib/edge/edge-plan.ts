import type { AuditPlan, EdgePlan, SizeClass } from '../definition/compiled-api';
import type { CredentialLocation } from '../protocol/policy';
import { BodySize, type EdgeBodySize } from './edge-operation';
import type { WebAclProps } from './web-acl-props';

const SIZES: Readonly<Record<SizeClass, BodySize>> = {
  '16': BodySize.KB_16,
  '32': BodySize.KB_32,
  '64': BodySize.KB_64,
};

/** What a compiled document says to the web ACL. */
export function webAclPropsOf(
  plan: EdgePlan,
  redact: AuditPlan['redact'],
  schemes: Readonly<Record<string, CredentialLocation>>,
): WebAclProps {
  return {
    mediaTypes: [...plan.mediaTypes],
    bodySizes: bodySizesOf(plan),
    uninspected: [...plan.uninspected],
    loginOperations: [...plan.loginOperations],
    restrictions: plan.onlyFrom.map(({ method, path, set }) => ({ method, path, from: set })),
    credentialHeaders: credentialHeadersOf(Object.values(schemes)),
    redaction: {
      headers: [...redact.headers],
      cookies: [...redact.cookies],
      queryArguments: [...redact.queryParameters],
      body: redact.body,
    },
  };
}

/** `Authorization` always counts: a caller who sends one though none is asked for still hides behind it. */
function credentialHeadersOf(locations: readonly CredentialLocation[]): string[] {
  const named = locations.flatMap((location) => (location.in === 'header' ? [location.name] : []));

  return [...new Set(['authorization', ...named])];
}

function bodySizesOf({ sizeClasses }: EdgePlan): EdgeBodySize[] {
  const classes: readonly SizeClass[] = ['32', '64'];

  return classes.flatMap((size) =>
    sizeClasses[size].map(({ method, path }) => ({ method, path, size: SIZES[size] })),
  );
}
