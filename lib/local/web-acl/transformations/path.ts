/** Drops repeated slashes, `.` and every `..` that has a segment before it to go back over. */
export function normalizePath(bytes: string): string {
  const absolute = bytes.startsWith('/');
  const segments = bytes.split('/');
  const last = segments.at(-1) ?? '';
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (segment === '..' && absolute) continue;
    else kept.push(segment);
  }
  const folder = kept.length > 0 && (last === '' || last === '.' || (last === '..' && kept.at(-1) !== '..'));

  return `${absolute ? '/' : ''}${kept.join('/')}${folder ? '/' : ''}`;
}

/** As `normalizePath`, the backslash being a slash. */
export function normalizePathWindows(bytes: string): string {
  return normalizePath(bytes.replaceAll('\\', '/'));
}
