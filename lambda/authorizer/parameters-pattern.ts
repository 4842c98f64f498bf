import type { PatternPosition, PatternRule, PatternStep } from '../../lib/protocol/parameter-rules';

/** Whether a text matches somewhere, as `RegExp.test` says it. */
export function preparePattern({ source, flags, program }: PatternRule): (text: string) => boolean {
  if (program) return prepareProgram(program, flags);
  const expression = new RegExp(source, flags);
  return (text) => expression.test(text);
}

/**
 * Runs an automaton, all alternatives at once: time in proportion to text and program, whatever the text.
 */
function prepareProgram(program: readonly PatternStep[], flags: string): (text: string) => boolean {
  const takes = prepareTakes(program, flags);
  // `seen[step] === mark`: the step is in the set being built already
  const seen = new Int32Array(program.length);
  let mark = 0;

  /** Follows a step to those that take a character; whether a match is reached. */
  function follow(start: number, states: number[], text: string, at: number): boolean {
    const open = [start];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      const step = program[number];
      if (step === undefined || seen[number] === mark) continue;
      seen[number] = mark;
      if (step[0] === 'match') return true;
      if (step[0] === 'take') states.push(number);
      else if (step[0] === 'fork') open.push(step[2], step[1]);
      else if (step[0] === 'goto') open.push(step[1]);
      else if (holds(step[1], text, at)) open.push(number + 1);
    }
    return false;
  }

  return (text) => {
    seen.fill(0);
    mark = 1;
    let states: number[] = [];
    let next: number[] = [];
    if (follow(0, states, text, 0)) return true;

    for (let at = 0; at < text.length; ) {
      const code = flags === 'u' ? (text.codePointAt(at) ?? 0) : text.charCodeAt(at);
      at += code > 0xffff ? 2 : 1;
      mark += 1;
      next.length = 0;
      for (const state of states) {
        if (takes[state]?.(code) && follow(state + 1, next, text, at)) return true;
      }
      // a match may begin anywhere
      if (follow(0, next, text, at)) return true;
      [states, next] = [next, states];
    }
    return false;
  };
}

/** For each step that takes a character, whether it takes this one; ASCII is looked up. */
function prepareTakes(program: readonly PatternStep[], flags: string) {
  const bySource = new Map<string, (code: number) => boolean>();
  return program.map((step) => {
    if (step[0] !== 'take') return undefined;
    const known = bySource.get(step[1]) ?? prepareTake(step[1], flags);
    bySource.set(step[1], known);
    return known;
  });
}

function prepareTake(source: string, flags: string): (code: number) => boolean {
  const expression = new RegExp(`^(?:${source})$`, flags);
  const test = (code: number) => expression.test(String.fromCodePoint(code));
  const ascii = Uint8Array.from({ length: 128 }, (_, code) => (test(code) ? 1 : 0));
  return (code) => (code < 128 ? ascii[code] === 1 : test(code));
}

function holds(position: PatternPosition, text: string, at: number): boolean {
  if (position === 'start') return at === 0;
  if (position === 'end') return at === text.length;
  const edge = isWord(text, at - 1) !== isWord(text, at);
  return position === 'edge' ? edge : !edge;
}

function isWord(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at));
}
