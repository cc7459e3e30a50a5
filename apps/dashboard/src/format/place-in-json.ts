import { type Node, type ParseError, parseTree } from 'jsonc-parser';

export interface TextPlace {
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  /** From 0. */
  readonly line: number;
}

/**
 * Where a field's value stands in a JSON text: `contact.emails.0`, the names and places on the way to it. Undefined when
 * it is not there, or the text is not JSON (somebody is writing in it).
 */
export function placeInJson(text: string, path: string): TextPlace | undefined {
  const problems: ParseError[] = [];
  let node = parseTree(text, problems);
  if (problems.length > 0) return undefined;
  for (const step of path.split('.')) node = node && below(node, step);
  if (node === undefined) return undefined;
  const { offset: start, length } = node;
  return { start, end: start + length, line: text.slice(0, start).split('\n').length - 1 };
}

function below({ type, children }: Node, step: string): Node | undefined {
  if (type === 'array') return children?.[Number(step)];
  return children?.find(({ children: [name] = [] }) => name?.value === step)?.children?.[1];
}
