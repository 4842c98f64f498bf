import { asObject } from './json-pointer';
import type { Operation } from './operation';
import { FindingSeverity, type Report } from './report';
import type { DocumentSource, Sourced } from './source';

/** Finds parts of the document that describe requests the gateway will never see. */
export function findUnread(operations: readonly Operation[], source: DocumentSource, report: Report): void {
  const webhooks = source.child(source.root, 'webhooks');
  if (asObject(webhooks.value)) {
    unread(webhooks, "'webhooks' are calls the service makes", report);
  }
  for (const { node, pathItem, name } of operations) {
    const callbacks = source.child(node, 'callbacks');
    if (asObject(callbacks.value)) unread(callbacks, "'callbacks' are calls the service makes", report, name);
    for (const holder of [pathItem, node]) {
      const servers = source.child(holder, 'servers');
      if (servers.value === undefined) continue;
      unread(
        servers,
        "'servers' of a path or an operation has no say here: 'backend' decides where it goes",
        report,
        name,
      );
    }
  }
}

function unread(place: Sourced, what: string, report: Report, operation?: string): void {
  report.finding(place, {
    code: 'NOT_READ',
    severity: FindingSeverity.INFO,
    ...(operation ? { operation } : {}),
    message: `${what}; this part is not read`,
    remedy: 'nothing to do, unless you relied on it',
  });
}
