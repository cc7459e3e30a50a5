import * as cliniko from '@syncline/connectors/cliniko/simulator';
import * as irelandPay from '@syncline/connectors/irelandpay/simulator';
import * as notion from '@syncline/connectors/notion/simulator';
import * as practicePanther from '@syncline/connectors/practicepanther/simulator';
import { expect, it, onTestFinished } from 'vitest';
import { demoVendors } from './demo-vendors.js';

it('a connection of the demo gets into a simulator that was told nothing', async () => {
  const simulators = await Promise.all([
    practicePanther.startSimulator({ port: 0, contacts: 10 }),
    cliniko.startSimulator({ port: 0, patients: 5 }),
    notion.startSimulator({ port: 0, clients: 2 }),
    irelandPay.startSimulator({ port: 0, merchants: 1, months: 1 }),
  ]);
  onTestFinished(async () => void (await Promise.all(simulators.map((simulator) => simulator.close()))));
  const [firm, clinic, agency, payments] = simulators;
  const origins = {
    practicepanther: firm.origin,
    cliniko: clinic.origin,
    notion: agency.origin,
    irelandpay: payments.origin,
  };
  const { clientId, clientSecret } = firm.credentials;
  const { databaseId } = agency;
  expect(demoVendors(origins)).toMatchObject([
    { connector: 'practicepanther', url: firm.url, credentials: { clientId, clientSecret } },
    { connector: 'cliniko', url: clinic.url, credentials: clinic.credentials },
    { connector: 'notion', url: agency.url, credentials: agency.credentials, settings: { databaseId } },
    { connector: 'irelandpay', url: payments.url, credentials: payments.credentials },
  ]);
  expect(demoVendors({ cliniko: clinic.origin })).toHaveLength(1);
});
