/** A media type as rules compare it: lower case, without parameters. */
export function essence(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Whether API Gateway can validate such a body against a model. */
export function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || /^[^/]+\/[^/]+\+json$/.test(mediaType);
}

const TEXT = /^(text\/.*|[^/]+\/([^/]+\+)?(json|xml)|application\/(x-www-form-urlencoded|\*)|\*\/\*)$/;

/** Whether a body of this media type, or range of them, reads as text; of a range of all nobody knows. */
export function isText(mediaType: string): boolean {
  return TEXT.test(mediaType);
}

/** `type/subtype` of RFC 6838 characters, no ranges. */
export function isMediaType(mediaType: string): boolean {
  return /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(mediaType);
}
