/** Every kind of space is a space, and several of them are one. */
export function compressWhitespace(bytes: string): string {
  return bytes.replace(/[\t\n\v\f\r \xa0]+/g, ' ');
}

/** Each C comment is one space; an open one reaches to the end; an end without a start stays. */
export function replaceComments(bytes: string): string {
  let result = '';
  let position = 0;
  for (;;) {
    const start = bytes.indexOf('/*', position);
    if (start < 0) return result + bytes.slice(position);

    result += `${bytes.slice(position, start)} `;
    const end = bytes.indexOf('*/', start + 2);
    if (end < 0) return result;
    position = end + 2;
  }
}

/** Drops what opens and closes comments, and keeps what stands in them. */
export function removeCommentCharacters(bytes: string): string {
  return bytes.replace(/<!--|-->|--|#|\/\*|\*\//g, '');
}
