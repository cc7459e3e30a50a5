const connectors: Readonly<Record<string, string>> = {
  practicepanther: 'PracticePanther',
  cliniko: 'Cliniko',
  notion: 'Notion',
  irelandpay: 'Ireland Pay',
};

/** As people call it. A connector that is not known here is called as it calls itself. */
export function nameOfConnector(id: string): string {
  return connectors[id] ?? id;
}
