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
  const reader = new Reader(text, path);
  try {
    reader.value('');
  } catch {
    return undefined;
  }
  if (reader.found === undefined) return undefined;
  const [start, end] = reader.found;
  return { start, end, line: text.slice(0, start).split('\n').length - 1 };
}

/** Goes through the text once, keeping in mind on which path it is. What it does not understand it throws at. */
class Reader {
  found: readonly [number, number] | undefined;
  readonly #text: string;
  readonly #path: string;
  #at = 0;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
  }

  value(path: string): void {
    this.#space();
    const start = this.#at;
    const first = this.#text[start];
    if (first === '{') this.#members(path);
    else if (first === '[') this.#elements(path);
    else if (first === '"') this.#string();
    else this.#take(/[-+.\w]+/y);
    if (path === this.#path) this.found = [start, this.#at];
  }

  #members(path: string): void {
    this.#list('}', () => {
      this.#space();
      const name = JSON.parse(this.#string()) as string;
      this.#space();
      this.#take(/:/y);
      this.value(path === '' ? name : `${path}.${name}`);
    });
  }

  #elements(path: string): void {
    let i = 0;
    this.#list(']', () => {
      this.value(path === '' ? String(i) : `${path}.${i}`);
      i += 1;
    });
  }

  #list(end: string, one: () => void): void {
    this.#at += 1;
    this.#space();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      one();
      this.#space();
      this.#at += 1;
      const separator = this.#text[this.#at - 1];
      if (separator === end) return;
      if (separator !== ',') throw new SyntaxError('no JSON');
    }
  }

  #string(): string {
    return this.#take(/"(?:[^"\\]|\\.)*"/y);
  }

  #space(): void {
    this.#take(/\s*/y);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [taken] = pattern.exec(this.#text) ?? [];
    if (taken === undefined) throw new SyntaxError('no JSON');
    this.#at += taken.length;
    return taken;
  }
}
