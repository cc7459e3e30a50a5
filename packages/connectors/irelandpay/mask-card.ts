/** Twelve digits or more, with spaces or dashes between them or not: the whole number of a card. */
const wholeNumber = /\d(?:[ -]?\d){11,}/g;

/**
 * The number of a card as it may be kept: the vendor masks it, and where it ever should not, it is done here, before
 * anything else is done with it. The first six digits and the last four stay.
 */
export function maskCard(value: unknown): unknown {
  const text = typeof value === 'string' ? value : numberText(value);
  return (
    text?.replaceAll(wholeNumber, (found) => {
      const digits = found.replaceAll(/\D/g, '');
      return `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`;
    }) ?? value
  );
}

/** A number of a card that comes as a number comes losslessly, as an object with its digits. */
function numberText(value: unknown): string | undefined {
  if (value === null || value === undefined || typeof value === 'boolean') return undefined;
  const text = String(value);
  return /^\d+$/.test(text) ? text : undefined;
}
