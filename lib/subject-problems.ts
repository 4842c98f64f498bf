import type { Problem } from './errors';
import { orderedName } from './protocol/distinguished-name';

/** What is wrong with a list of the subjects whose certificates are accepted. */
export function subjectProblems(at: string, subjects: readonly string[] | undefined): Problem[] {
  const wrong = subjects?.filter((subject) => orderedName(subject) === undefined);
  if (!subjects || !wrong || (subjects.length > 0 && wrong.length === 0)) return [];

  return [
    {
      code: 'INVALID_SUBJECT',
      at,
      message:
        subjects.length === 0
          ? "'allowedSubjects' names no certificate"
          : `'allowedSubjects' must hold distinguished names, got ${JSON.stringify(wrong)}`,
      remedy: "write them as 'openssl x509 -noout -subject' does: C=GB, O=Acme, CN=batch",
    },
  ];
}
