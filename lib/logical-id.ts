/** What CloudFormation takes. */
const LONGEST = 255;

/**
 * A logical id of a resource that is to be replaced whenever a digest is another. The digest alone must tell it from
 * others: of a long stem the end is left out.
 */
export function logicalIdWith(stem: string, digest: string): string {
  return `${stem.slice(0, LONGEST - digest.length)}${digest}`;
}
