import { type BaseOptions, type ResolvedBase, resolveBase } from '../../simulation/simulator-options.js';
import type { Sizes } from './data/clinic.js';
import { DEFAULT_QUIRKS, type Quirks, quirksChangeSchema } from './quirks.js';

/** How a simulator is to be started. The same seed, sizes and hour make the same data on every machine. */
export interface SimulatorOptions extends BaseOptions<Quirks> {
  /** Default 300; most other sizes follow from it. */
  patients?: number;
  /** Default 6, of which a third has left. */
  practitioners?: number;
  /** Default 2. */
  businesses?: number;
  /** Default 8. */
  appointmentTypes?: number;
  /** Default three for each patient. */
  appointments?: number;
  /** Default one for ten patients. */
  groupAppointments?: number;
  /** Default six for each group appointment, half of them of appointments of one patient. */
  attendees?: number;
  /** Default `simulated-key-au4`. */
  apiKey?: string;
}

/** Options with nothing left out. */
export interface ResolvedOptions extends ResolvedBase<Quirks> {
  sizes: Sizes;
  apiKey: string;
}

/** Fills in what was left out and refuses what cannot be. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const patients = options.patients ?? 300;
  const groups = options.groupAppointments ?? Math.ceil(patients / 10);
  const sizes: Sizes = {
    businesses: options.businesses ?? 2,
    practitioners: options.practitioners ?? 6,
    appointment_types: options.appointmentTypes ?? 8,
    patients,
    appointments: options.appointments ?? patients * 3,
    group_appointments: groups,
    attendees: options.attendees ?? groups * 6,
  };
  for (const [entity, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 0 || size > 1_000_000) throw new Error(`Not a number of ${entity}: ${size}.`);
  }
  return {
    ...resolveBase(options, DEFAULT_QUIRKS, quirksChangeSchema),
    sizes,
    apiKey: options.apiKey ?? 'simulated-key-au4',
  };
}
