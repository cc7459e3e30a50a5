export const NAMES = ['Cafe', 'Bakery', 'Hardware', 'Flowers', 'Garage', 'Books', 'Pharmacy', 'Grill'];
export const PLACES = ['Corner', 'Mill Street', 'Harbour', "O'Brien's", 'Señor', 'Old Town', 'Station'];
export const GROUPS = ['Direct', 'East', 'Partners'];
