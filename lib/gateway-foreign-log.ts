import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AuditPlan } from './definition/compiled-api';
import { type IWebAcl, WebAcl } from './edge/web-acl';
import { visible } from './visible';

/**
 * Tells what the log of a web ACL that is defined elsewhere may show, although credentials stand there or the document
 * redacts it. Of an imported one nothing is known.
 */
export function warnOfForeignLog(scope: Construct, webAcl: IWebAcl, redact: AuditPlan['redact']): void {
  const { headers, queryParameters, cookies, query, path, body } = redact;
  const hidden = webAcl instanceof WebAcl ? webAcl._hidden : undefined;
  const open = (kind: string, names: readonly string[], known: readonly string[] = []) => {
    const lower = new Set(known.map((name) => name.toLowerCase()));
    return names.filter((name) => !lower.has(name.toLowerCase())).map((name) => `${kind} ${name}`);
  };
  const shown = [
    ...open('header', headers, hidden?.headers),
    ...(hidden?.query ? [] : open('query parameter', queryParameters, hidden?.queryArguments)),
    ...(query && !hidden?.query ? ['queries'] : []),
    // all of them stand in one header
    ...(hidden?.headers.includes('cookie') ? [] : open('cookie', cookies, hidden?.cookies)),
    ...(path && !hidden?.path ? ['paths'] : []),
    ...(body && !hidden?.body ? ['bodies'] : []),
  ];
  if (shown.length === 0) return;

  Annotations.of(scope).addWarningV2(
    'secure-api-gateway:FOREIGN_WEB_ACL_LOG',
    `nothing says that the 'webAcl' defined elsewhere hides in its log: ${visible(shown.join(', '))}; hide them there, in a 'WebAcl' by 'credentialHeaders' and 'redaction'`,
  );
}
