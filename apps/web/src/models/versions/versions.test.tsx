import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { modelVersion, registeredModel, versionSummary } from '@/test-models';
import { renderPage } from '@/test-page';
import { Kin } from './kin';
import { Versions } from './versions';

const MODEL = registeredModel({
  aliases: { champion: '1.1.0', candidate: '1.2.0' },
  stages: { Staging: ['1.2.0'], Production: ['1.1.0'], Archived: [] },
  versions: ['1.2.0', '1.1.0', '1.0.0'].map((version) => versionSummary({ version, deprecation: null })),
});

test('shows versions by their stage, and leads to each', () => {
  renderPage(<Versions model={MODEL} version="1.1.0" />);
  const production = within(screen.getByRole('region', { name: 'Production' }));
  const link = production.getByRole('link', { name: /1\.1\.0/ });
  expect(link.getAttribute('href')).toBe('/models/mdl_1?version=1.1.0');
  expect(link.getAttribute('aria-current')).toBe('true');
  within(screen.getByRole('region', { name: 'Staging' })).getByRole('link', { name: /1\.2\.0/ });
  within(screen.getByRole('region', { name: 'Archived' })).getByText('None');
});

test('lists every version with its stage and aliases, those in no stage too', async () => {
  renderPage(<Versions model={MODEL} version="1.1.0" />);
  await userEvent.click(screen.getByRole('radio', { name: 'List' }));
  const rows = screen.getAllByRole('row').slice(1);
  expect(rows.map(({ textContent }) => textContent?.replace(/Jan.*/, ''))).toEqual([
    '1.2.0Staging@candidate97.0%7 B',
    '1.1.0Production@champion97.0%7 B',
    '1.0.097.0%7 B',
  ]);
});

test('leads from a converted version to the one it was made from, and back', () => {
  renderPage(<Kin version={modelVersion({ madeFrom: '1.0.0', children: ['1.0.2', '1.0.3'] })} />);
  expect(screen.getAllByRole('link').map(({ textContent }) => textContent)).toEqual(['1.0.0', '1.0.2', '1.0.3']);
});
