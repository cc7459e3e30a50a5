import { practicePanther } from '@syncline/connectors';

/**
 * What a town's connector syncs: every kind of place in a flow (no parent, one, a chain of them; with a time of its own
 * and without). The engine treats the others alike, and lives with them would only be longer.
 */
export const firmEntities = ['accounts', 'contacts', 'matters', 'tasks'] as const;
export type FirmEntity = (typeof firmEntities)[number];

/** PracticePanther with these entities alone. */
export const firmConnector = {
  ...practicePanther,
  entities: practicePanther.entities.filter(({ name }) => firmEntities.some((firmEntity) => firmEntity === name)),
};
