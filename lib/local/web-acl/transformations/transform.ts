import { TRANSFORMATIONS } from './table';

/** Bytes, one character each (Latin-1): what WAF compares is bytes, and strings are what engines are fast at. */
export type Bytes = string;

/** Turns bytes into other bytes. */
export type Transformation = (bytes: Bytes) => Bytes;

/** All of the transformations one after the other; undefined if one of them is not known. */
export function transformationOf(types: readonly string[]): Transformation | undefined {
  const steps = types.filter((type) => type !== 'NONE').map((type) => TRANSFORMATIONS[type]);
  if (steps.some((step) => step === undefined)) return undefined;

  return (bytes) => steps.reduce((current, step) => (step ? step(current) : current), bytes);
}
