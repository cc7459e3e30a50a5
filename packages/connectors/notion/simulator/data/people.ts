import { uuidOf } from './identifiers.js';

/** Somebody of the agency. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

export function createPeople(seed: number): readonly Person[] {
  return ['Ann', 'Bo', 'Cy'].map((name, i) => ({ id: uuidOf(seed, `user ${i}`), name }));
}

/** A person as the vendor shows one to a connection that may see addresses. */
export function showPerson({ id, name }: Person) {
  const email = `${name.toLowerCase()}@agency.example`;
  return { object: 'user', id, name, avatar_url: null, type: 'person', person: { email } };
}
