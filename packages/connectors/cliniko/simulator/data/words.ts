export const FIRST_NAMES = [
  'Ada',
  'Bela',
  'Chidi',
  'Dana',
  'Emre',
  'Fay',
  'Goran',
  'Hana',
  'Ines',
  'Jón',
  'Kai',
  'Lena',
];
export const LAST_NAMES = ['Abbott', 'Brânză', 'Castillo', "D'Souza", 'Ekström', 'Fitz', 'Gruber', 'Nguyễn', 'Okoro'];
export const STREETS = ['High St', 'Smith St', 'Lygon St', 'Sydney Rd', 'Station Pl'];
export const SUBURBS = ['CBD', 'Carlton', 'Fitzroy', 'Brunswick', 'Coburg', 'Northcote'];
