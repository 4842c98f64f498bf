import type { Style } from '../../lib/protocol/parameter-rules';

/** How a parameter is written, defaults filled in. */
export interface Form {
  readonly style: Style;
  readonly explode: boolean;
}

/** Name and text of one property. */
export type Member = readonly [name: string, text: string];

/** What joins the parts of an array or object that is not exploded. */
const DELIMITERS: Readonly<Record<Style, string>> = {
  simple: ',',
  label: ',',
  matrix: ',',
  form: ',',
  spaceDelimited: ' ',
  pipeDelimited: '|',
  deepObject: ',',
};

/** The scalar within the text of one parameter; undefined if the text is not in this style. */
export function scalarText({ style }: Form, name: string, text: string): string | undefined {
  if (style === 'label') return text.startsWith('.') ? text.slice(1) : undefined;
  if (style !== 'matrix') return text;
  if (text === `;${name}`) return '';
  return text.startsWith(`;${name}=`) ? text.slice(name.length + 2) : undefined;
}

/**
 * The elements of an array within the text, in every way the style can be read; none if it cannot.
 *
 * An empty text may be no element or an empty one. Labels were joined by dots in early OpenAPI 3.0.
 */
export function elementTexts(form: Form, name: string, text: string): string[][] {
  const { style, explode } = form;
  if (style === 'matrix' && explode) return explodedMatrix(name, text);

  const inner = scalarText(form, name, text);
  if (inner === undefined) return [];
  if (inner === '') return [[], ['']];
  if (style !== 'label') return [inner.split(DELIMITERS[style])];
  return explode ? [inner.split('.')] : [inner.split(','), inner.split('.')];
}

/** The properties of an object within the text; likewise. */
export function memberTexts(form: Form, name: string, text: string): Member[][] {
  const { style, explode } = form;
  if (style === 'matrix' && explode) return text.startsWith(';') ? pairs(text.slice(1).split(';')) : [];

  const inner = scalarText(form, name, text);
  if (inner === undefined) return [];
  if (inner === '') return [[]];
  if (explode) return pairs(inner.split(style === 'label' ? '.' : DELIMITERS[style]));
  return [
    ...alternating(inner.split(DELIMITERS[style])),
    ...(style === 'label' ? alternating(inner.split('.')) : []),
  ];
}

/** `;color=blue;color=black` */
function explodedMatrix(name: string, text: string): string[][] {
  const [empty, ...parts] = text.split(';');
  const members = pairs(parts)[0];
  if (empty !== '' || !members || members.some(([key]) => key !== name)) return [];
  return [members.map(([, value]) => value)];
}

/** `R=100` each */
function pairs(parts: readonly string[]): Member[][] {
  return [
    parts.map((part): Member => {
      const equals = part.indexOf('=');
      return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    }),
  ];
}

/** `R,100,G,200` */
function alternating(parts: readonly string[]): Member[][] {
  if (parts.length % 2 !== 0) return [];
  const members: Member[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    members.push([parts[index] ?? '', parts[index + 1] ?? '']);
  }
  return [members];
}
