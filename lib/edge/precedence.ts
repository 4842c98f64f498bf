import type { EdgeOperation } from './edge-operation';
import { isRest, isVariable } from './path-pattern';

/** An operation as API Gateway matches requests to it: by method, and by the segments of its path. */
export class Route {
  /** In upper case; none where it is any. */
  public readonly method?: string;
  private readonly segments: readonly Segment[];
  private readonly prefixed: readonly (readonly Segment[])[];

  /** With a prefix in front of its path it may be read as another operation's. */
  constructor({ method, path }: EdgeOperation, prefixes: readonly string[] = []) {
    if (method) this.method = method.toUpperCase();
    this.segments = segmentsOf(path);
    this.prefixed = prefixes.map((prefix) => segmentsOf(prefix + path));
  }

  /**
   * Whether API Gateway takes some request for this operation that also reads as one to `other`: a fixed segment comes
   * before a variable, a variable before the rest of a path. With a prefix in front it cannot be told, and so may be.
   */
  public comesBefore(other: Route): boolean {
    if (this.method && other.method && this.method !== other.method) return false;

    return (
      this.prefixed.some((segments) => overlap(segments, other.segments)) ||
      isNearer(this.segments, other.segments)
    );
  }
}

/** Routes by their method: a thousand operations are mostly of others, and need not be compared. */
export class RoutesByMethod {
  private readonly groups = new Map<string | undefined, Route[]>();

  constructor(private readonly routes: readonly Route[]) {
    for (const route of routes) {
      const group = this.groups.get(route.method) ?? [];
      this.groups.set(route.method, group);
      group.push(route);
    }
  }

  /** Whether `route` comes before one of them. */
  public follow(route: Route): boolean {
    const isBefore = (other: Route) => route.comesBefore(other);
    if (!route.method) return this.routes.some(isBefore);

    return [route.method, undefined].some((method) => this.groups.get(method)?.some(isBefore));
  }
}

/** Whether some request has a path of both. */
export function mayBeOne(path: string, other: string): boolean {
  return overlap(segmentsOf(path), segmentsOf(other));
}

function isNearer(segments: readonly Segment[], others: readonly Segment[]): boolean {
  const first = segments.findIndex((segment, index) => segment.rank !== rankAt(others, index));

  return first >= 0 && rankAt(segments, first) < rankAt(others, first) && overlap(segments, others);
}

/** Whether some path reads as both. */
function overlap(segments: readonly Segment[], others: readonly Segment[]): boolean {
  for (const [index, segment] of segments.entries()) {
    const other = others[index];
    if (!other) return false;
    if (segment.rank === Rank.REST || other.rank === Rank.REST) return true;
    const bothFixed = segment.rank === Rank.FIXED && other.rank === Rank.FIXED;
    if (bothFixed && segment.text !== other.text) return false;
  }

  return segments.length === others.length;
}

interface Segment {
  readonly text: string;
  readonly rank: Rank;
}

enum Rank {
  FIXED,
  VARIABLE,
  REST,
  NONE,
}

function rankAt(segments: readonly Segment[], index: number): Rank {
  return segments[index]?.rank ?? Rank.NONE;
}

function segmentsOf(path: string): readonly Segment[] {
  return path
    .split('/')
    .filter((text) => text !== '')
    .map((text) => ({ text, rank: rankOf(text) }));
}

function rankOf(segment: string): Rank {
  if (!isVariable(segment)) return Rank.FIXED;

  return isRest(segment) ? Rank.REST : Rank.VARIABLE;
}
