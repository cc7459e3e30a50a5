import { describe, expect, test } from 'vitest';
import { perEntity } from './entities.js';
import { idSpace } from './identifiers.js';
import { Membership } from './membership.js';
import { formatDateOnly, formatVendorTime, parseInstant } from './timestamps.js';
import { createWorld } from './world.js';

describe('ids', () => {
  test('lead back to their slots and belong to one entity', () => {
    const [matters, tasks] = [idSpace(7, 'matters'), idSpace(7, 'tasks')];
    const ids = Array.from({ length: 5000 }, (_, slot) => matters.idOf(slot));
    expect(new Set(ids).size).toBe(5000);
    ids.forEach((id, slot) => {
      expect(matters.slotOf(id)).toBe(slot);
    });
    expect(matters.slotOf((ids[3] ?? '').toUpperCase())).toBe(3);
    expect(tasks.slotOf(ids[3] ?? '')).toBeUndefined();
    expect(matters.slotOf('not an id')).toBeUndefined();
  });
});

describe('timestamps', () => {
  test.each([
    ['2025-07-17T21:52:14.663Z', '2025-07-17T21:52:14.663'],
    ['2025-07-17T21:52:14.720Z', '2025-07-17T21:52:14.72'],
    ['2025-07-17T21:52:14.400Z', '2025-07-17T21:52:14.4'],
    ['2025-07-17T21:52:14.000Z', '2025-07-17T21:52:14'],
    ['2025-07-17T00:00:00.005Z', '2025-07-17T00:00:00.005'],
    ['2025-07-17T00:00:00.050Z', '2025-07-17T00:00:00.05'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999'],
  ])('%s is written as %s', (iso, text) => {
    expect(formatVendorTime(Date.parse(iso))).toBe(text);
    expect(parseInstant(text)).toEqual({ ms: Date.parse(iso), zoned: false });
  });

  test('a date is noon on the west coast, as an instant', () => {
    expect(formatDateOnly(Date.UTC(2025, 6, 2, 3))).toBe('2025-07-02T19:00:00');
    expect(formatDateOnly(Date.UTC(2025, 0, 2, 3))).toBe('2025-01-02T20:00:00');
  });

  test('zones are read, nonsense is not', () => {
    expect(parseInstant('2025-01-01T02:00:00+02:00')).toEqual({ ms: Date.UTC(2025, 0, 1), zoned: true });
    for (const text of ['', 'yesterday', '2025-13-01T00:00:00Z', '2025-01-01T00:00:00 02:00']) {
      expect(parseInstant(text)).toBeUndefined();
    }
  });
});

describe('a world of any size', () => {
  test('has every contact in one account and every number once', () => {
    for (const [accounts, contacts] of [
      [1, 1],
      [1, 9],
      [46, 50],
      [900, 1000],
      [50, 400],
      [30, 20],
    ] as const) {
      const members = new Membership(3, accounts, contacts);
      const seen = Array.from({ length: accounts }, (_, account) => members.contactsOf(account)).flat();
      expect(seen).toEqual(Array.from({ length: contacts }, (_, contact) => contact));
    }
    const { matters } = createWorld(1, { ...perEntity(() => 5), matters: 997 });
    expect(new Set(Array.from({ length: 997 }, (_, slot) => matters.derive(slot).number)).size).toBe(997);
  });

  test('times grow with the slot, at a million records too', () => {
    const { tasks } = createWorld(1, { ...perEntity(() => 1), tasks: 1_000_000 });
    let last = 0;
    for (let slot = 0; slot < 1_000_000; slot += 1) {
      const updated = tasks.updatedMs(slot);
      if (updated <= last) throw new Error(`slot ${slot} is not later than the one before`);
      last = updated;
    }
    expect(last).toBeLessThan(Date.UTC(2026, 5, 1));
  });
});
