import { describe, expect, it } from 'vitest';
import { orderOfMode } from './order-of-mode.js';

const shop = {
  displayName: 'Shop',
  modes: {
    everything: { doc: 'All.', entities: [] },
    whole: { doc: 'All, all of it.', entities: [], reads: 'full' as const },
    past: { doc: 'What was.', entities: [], reads: 'full' as const, history: true as const },
    few: { doc: 'Some.', entities: ['customers'] },
    recent: { doc: 'The present.', entities: ['customers', 'orders'], scope: { name: 'near', days: 30 } },
  },
};
const refusal = (field: string, message: RegExp) =>
  expect.objectContaining({ code: 'VALIDATION_FAILED', field, message: expect.stringMatching(message) });

describe('a mode by its name', () => {
  it('is a sync of its entities, as the caller wants them read', () => {
    expect(orderOfMode(shop, 'few', { mode: 'full' })).toEqual({ mode: 'full', entities: ['customers'] });
    expect(orderOfMode(shop, 'few', { mode: 'incremental', days: 3 })).toEqual({
      mode: 'incremental',
      entities: ['customers'],
    });
  });

  it('is read as the connector says, where it says so', () => {
    expect(orderOfMode(shop, 'whole', { mode: 'incremental' })).toEqual({ mode: 'full', entities: [] });
    const past = { mode: 'full', entities: [], history: true };
    expect(orderOfMode(shop, 'past', { mode: 'incremental' })).toEqual(past);
  });

  it('with a scope is a selection, of as many days as the connector proposes or the caller wants', () => {
    const entities = ['customers', 'orders'];
    const selection = { scope: 'near', days: 30 };
    expect(orderOfMode(shop, 'recent', { mode: 'full' })).toEqual({ mode: 'backfill', entities, selection });
    expect(orderOfMode(shop, 'recent', { mode: 'full', days: 7 }).selection).toEqual({ scope: 'near', days: 7 });
    for (const days of [0, 1.5, 367, Number.NaN]) {
      expect(() => orderOfMode(shop, 'recent', { mode: 'full', days })).toThrow(refusal('days', /1 to 366/));
    }
  });

  it('is the first one where nobody names any, and everything where the connector has none', () => {
    expect(orderOfMode(shop, undefined, { mode: 'incremental' })).toEqual({ mode: 'incremental', entities: [] });
    expect(orderOfMode({ displayName: 'Bare' }, undefined, { mode: 'full' })).toEqual({ mode: 'full', entities: [] });
  });

  it('that there is not is refused with those that there are', () => {
    for (const name of ['many', 'constructor', '']) {
      expect(() => orderOfMode(shop, name, { mode: 'full' })).toThrow(
        refusal('mode', /everything, whole, past, few, recent/),
      );
    }
    expect(() => orderOfMode({ displayName: 'Bare' }, 'few', { mode: 'full' })).toThrow(refusal('mode', /no modes/));
  });
});
