import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Settings } from './settings.js';

const page = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');

test.each(Object.keys(Settings.shape))('docs/settings.md explains %s', (name) => {
  expect(page).toContain(`\`${name}\``);
});
