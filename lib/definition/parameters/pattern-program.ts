import { type AstNode, parse } from 'regjsparser';
import type { PatternPosition, PatternStep } from '../../protocol/parameter-rules';

const SYNTAX = { lookbehind: true, namedGroups: true, unicodePropertyEscape: true } as const;

/** A larger program would take too long on the longest text API Gateway lets through. */
const MAXIMUM_STEPS = 400;

const POSITIONS: Readonly<Record<string, PatternPosition>> = {
  start: 'start',
  end: 'end',
  boundary: 'edge',
  'not-boundary': 'inside',
};

type Node = AstNode<typeof SYNTAX>;

/** What a program cannot do: look around, remember, or grow without bound. */
class NoProgram extends Error {}

/**
 * The automaton of a regular expression (Thompson 1968), or undefined where it has lookaround or back
 * references, or is too large. Groups and greed are gone: it says whether, not how, a text matches.
 */
export function patternProgram(source: string, flags: string): PatternStep[] | undefined {
  const steps: PatternStep[] = [];
  try {
    append(steps, parse(source, flags, SYNTAX));
    emit(steps, ['match']);
    return steps;
  } catch (error) {
    if (error instanceof NoProgram) return undefined;
    throw error;
  }
}

function append(steps: PatternStep[], node: Node): void {
  switch (node.type) {
    case 'alternative':
      for (const part of node.body) append(steps, part);
      return;
    case 'disjunction':
      appendChoice(steps, node.body);
      return;
    case 'group':
      if (node.behavior !== 'normal' && node.behavior !== 'ignore') throw new NoProgram();
      for (const part of node.body) append(steps, part);
      return;
    case 'quantifier':
      appendRepetition(steps, node.body, node.min, node.max);
      return;
    case 'anchor':
      emit(steps, ['at', POSITIONS[node.kind] ?? 'start']);
      return;
    case 'value':
    case 'dot':
    case 'characterClass':
    case 'characterClassEscape':
    case 'unicodePropertyEscape':
      emit(steps, ['take', node.raw]);
      return;
    default:
      throw new NoProgram();
  }
}

function appendChoice(steps: PatternStep[], [first, ...others]: readonly Node[]): void {
  if (first === undefined) return;
  if (others.length === 0) {
    append(steps, first);
    return;
  }
  const fork = emit(steps, ['match']);
  append(steps, first);
  const exit = emit(steps, ['match']);
  steps[fork] = ['fork', fork + 1, steps.length];
  appendChoice(steps, others);
  steps[exit] = ['goto', steps.length];
}

function appendRepetition(
  steps: PatternStep[],
  body: readonly Node[],
  minimum: number,
  maximum: number | undefined,
): void {
  const once = () => {
    for (const part of body) append(steps, part);
  };
  for (let count = 0; count < minimum; count += 1) once();
  if (maximum === undefined) {
    const fork = emit(steps, ['match']);
    once();
    emit(steps, ['goto', fork]);
    steps[fork] = ['fork', fork + 1, steps.length];
    return;
  }
  const forks: number[] = [];
  for (let count = minimum; count < maximum; count += 1) {
    forks.push(emit(steps, ['match']));
    once();
  }
  for (const fork of forks) steps[fork] = ['fork', fork + 1, steps.length];
}

/** Answers the step's number. */
function emit(steps: PatternStep[], step: PatternStep): number {
  if (steps.length >= MAXIMUM_STEPS) throw new NoProgram();
  steps.push(step);
  return steps.length - 1;
}
