import { expect, it } from 'vitest';
import { idOf, link } from './links.js';

function read(reference: unknown) {
  const flags: unknown[] = [];
  const id = idOf(link.parse(reference), 'patient', (...flag) => void flags.push(flag));
  return { id, flags };
}

it.each([
  ['https://api.au1.cliniko.com/v1/patients/1', '1'],
  ['https://api.au4.cliniko.com/v1/patients/836447129235883061?q[]=x', '836447129235883061'],
  ['https://somewhere.example/v1/patients/42/', '42'],
  ['/v1/bookings/7#x', '7'],
])('the id at the end of %s is %s', (self, id) => {
  expect(read({ links: { self } })).toEqual({ id, flags: [] });
});

it.each([[null], [undefined], [{}], [{ links: null }], [{ links: {} }], [{ links: { self: null } }], ['']])(
  'there is none in %j',
  (reference) => {
    expect(read(reference)).toEqual({ id: null, flags: [] });
  },
);

it.each([
  'https://api.au1.cliniko.com/v1/patients/1/appointments',
  'https://api.au1.cliniko.com/v1/practitioners?q%5B%5D=appointment_type_id%3A%3D1',
  'nonsense',
])('a link to a list, or to nowhere, is flagged: %s', (self) => {
  expect(read({ links: { self } })).toEqual({ id: null, flags: [['patient', 'UNKNOWN_VALUE', self]] });
});
