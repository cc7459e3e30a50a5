import { type Page, type PageRequest, readCursor, type Scope } from '@syncline/connector-kit';
import { z } from 'zod';
import { idOf, link } from './links.js';
import { appointmentList, groupAppointmentList, patientList } from './lists.js';
import { secondAfter, secondOf } from './moments.js';
import { walkLists } from './page-walk.js';
import { askList } from './vendor-list.js';

/** Patients with an appointment around now, and these appointments. */
export const activeScope = 'active';

/** Appointments that begin in the scope, cancelled ones too: that somebody has cancelled is news about a patient. */
export function startsWithin({ from, to }: Scope): string[] {
  return [`starts_at:>=${secondOf(from)}`, `starts_at:<${secondAfter(to)}`];
}

const activeCursor = z.object({ walk: z.record(z.string(), z.unknown()).nullable(), asked: z.array(z.string()) });

/** More are asked for twice: a cursor is written with every page, and must not grow with the clinic. */
const mostRemembered = 2_000;

const appointment = z.looseObject({ patient: link, patient_ids: z.array(z.coerce.string()).nullish().catch(null) });

/**
 * The patients of the scope: a page of appointments is read, and those of its patients that have not been asked for yet
 * are fetched by their ids, in one request.
 */
export async function fetchActivePatients(request: PageRequest, scope: Scope): Promise<Page> {
  const { walk, asked } =
    request.cursor === undefined ? { walk: null, asked: [] } : readCursor(activeCursor, request.cursor);
  const lists = [appointmentList, groupAppointmentList];
  const page = await walkLists({ lists, filters: startsWithin(scope) }, { ...request, cursor: walk ?? undefined });
  const ids = [...new Set(page.records.flatMap(patientsOf))].filter((id) => !asked.includes(id));
  const next = page.next && { walk: page.next, asked: [...asked, ...ids].slice(-mostRemembered) };
  const records: unknown[] = [];
  let lossless = false;
  // A group may bring more patients than a page holds.
  for (let from = 0; from < ids.length; from += request.pageSize) {
    const some = ids.slice(from, from + request.pageSize);
    const answer = await askList(patientList, request, { filters: [`id:=${some.join(',')}`], sort: 'created_at:asc' });
    records.push(...answer.records);
    lossless ||= answer.lossless;
  }
  return { records, lossless, next, vendorTime: page.vendorTime };
}

/** An appointment that cannot be read is the problem of the appointments, and of no patient. */
function patientsOf(record: unknown): string[] {
  const { success, data } = appointment.safeParse(record);
  if (!success) return [];
  const id = idOf(data.patient, 'patient', () => undefined);
  return [...(id === null ? [] : [id]), ...(data.patient_ids ?? [])].filter((one) => /^\d+$/.test(one));
}
