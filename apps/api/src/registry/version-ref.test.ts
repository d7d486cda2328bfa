import { expect, it } from 'vitest';
import { partsOf, wantedBy } from './version-ref.js';

it.each([
  ['1.9.0', { kind: 'exact', version: '1.9.0' }],
  ['@1.9.0', { kind: 'exact', version: '1.9.0' }],
  ['latest', { kind: 'latest' }],
  ['best', { kind: 'best', metric: 'val_accuracy', smaller: false }],
  ['best:val_loss', { kind: 'best', metric: 'val_loss', smaller: true }],
  ['best:val_loss:max', { kind: 'best', metric: 'val_loss', smaller: false }],
  ['v3', { kind: 'counted', number: 3 }],
  ['@champion', { kind: 'alias', names: ['champion'] }],
  ['edge', { kind: 'alias', names: ['edge'] }],
  ['현장', { kind: 'alias', names: ['현장'] }],
  // As macOS writes it; a program may have set it so too.
  ['현장'.normalize('NFD'), { kind: 'alias', names: ['현장', '현장'.normalize('NFD')] }],
  ['@latest', { kind: 'alias', names: ['latest'] }],
  ['Production', { kind: 'alias', names: ['Production', 'champion'] }],
  ['staging', { kind: 'alias', names: ['staging', 'candidate'] }],
  ['Archived', { kind: 'archived', alias: 'Archived' }],
])('%s asks for %j', (ref, wanted) => expect(wantedBy(ref)).toEqual(wanted));

it.each([
  ['mallo://models/pets', { name: 'pets', ref: 'latest' }],
  ['mallo://models/pets@champion', { name: 'pets', ref: 'champion' }],
  ['mallo://models/pets/1.2.0', { name: 'pets', ref: '1.2.0' }],
  ['mallo://models/pets/@edge', { name: 'pets', ref: '@edge' }],
  ['mallo://models/pets/Production', { name: 'pets', ref: 'Production' }],
  ['mallo://models/%EA%B3%A0%EC%96%91%EC%9D%B4%2F3/best:val_loss:min', { name: '고양이/3', ref: 'best:val_loss:min' }],
  ['mallo://models/100%', { name: '100%', ref: 'latest' }],
])('%s is read', (uri, parts) => expect(partsOf(uri)).toEqual(parts));
