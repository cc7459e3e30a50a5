import type { VendorList } from './vendor-list.js';

/** The lists that are read, each with the hiding times that it can be filtered by. */
export const patientList: VendorList = { path: 'patients', key: 'patients', hiddenBy: ['archived_at'] };
export const practitionerList: VendorList = { path: 'practitioners', key: 'practitioners', hiddenBy: [] };
/** Those who have left are in a list of their own, and in no other. */
export const inactivePractitionerList: VendorList = { ...practitionerList, path: 'practitioners/inactive' };
export const businessList: VendorList = {
  path: 'businesses',
  key: 'businesses',
  hiddenBy: ['archived_at', 'deleted_at'],
};
export const appointmentTypeList: VendorList = {
  path: 'appointment_types',
  key: 'appointment_types',
  hiddenBy: ['archived_at'],
};
export const appointmentList: VendorList = {
  path: 'individual_appointments',
  key: 'individual_appointments',
  hiddenBy: ['archived_at', 'deleted_at', 'cancelled_at'],
};
export const groupAppointmentList: VendorList = {
  path: 'group_appointments',
  key: 'group_appointments',
  hiddenBy: ['archived_at', 'deleted_at'],
};
export const attendeeList: VendorList = {
  path: 'attendees',
  key: 'attendees',
  hiddenBy: ['archived_at', 'deleted_at', 'cancelled_at'],
};
