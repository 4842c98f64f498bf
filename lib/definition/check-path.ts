import type { Report } from './report';
import type { DocumentSource } from './source';

const SEGMENT = /^[A-Za-z0-9_\-.,:]+$/;
const VARIABLE = /^\{[A-Za-z0-9_.$-]+\}$/;
const RESERVED = ['/ping', '/sping'];

/** What keeps API Gateway from importing a path (aws-facts 4.10, 4.18, 13.7); undefined if nothing does. */
export function pathFault(path: string): { readonly message: string; readonly remedy: string } | undefined {
  if (!path.startsWith('/')) return { message: "does not begin with '/'", remedy: "write it from '/' on" };
  if (path === '/') return undefined;
  if (path.includes('#')) {
    return {
      message: "contains '#', which never reaches a server",
      remedy: 'give the variant a path of its own, or remove it',
    };
  }
  if (RESERVED.includes(path)) {
    return { message: 'is reserved by API Gateway for its own health checks', remedy: 'choose another path' };
  }
  const variables = path.split('/').filter((segment) => VARIABLE.test(segment));
  if (new Set(variables).size < variables.length) {
    return { message: 'uses a variable twice', remedy: 'give each variable a name of its own' };
  }
  return path.split('/').slice(1).map(segmentFault).find(Boolean);
}

function segmentFault(segment: string): { readonly message: string; readonly remedy: string } | undefined {
  if (SEGMENT.test(segment) || VARIABLE.test(segment)) return undefined;
  if (segment === '') {
    return { message: 'has an empty segment', remedy: "remove the double or trailing '/'" };
  }
  if (/[{}]/.test(segment)) {
    return {
      message: `mixes text and variable in the segment ${JSON.stringify(segment)}`,
      remedy: "let the variable be the whole segment, its name of letters, digits, '_', '.', '$' and '-'",
    };
  }
  return {
    message: `has a character API Gateway does not take in the segment ${JSON.stringify(segment)}`,
    remedy: "use letters, digits and '_-.,:'",
  };
}

/** Reports every path that API Gateway cannot import. */
export function checkPaths(source: DocumentSource, report: Report, paths: readonly string[]): void {
  for (const path of paths) {
    const fault = pathFault(path);
    if (!fault) continue;
    report.problem(
      'PATH_NOT_IMPORTABLE',
      source.child(source.root, 'paths', path),
      `path ${JSON.stringify(path)} ${fault.message}`,
      fault.remedy,
    );
  }
}
