import { describe, expect, it } from 'vitest';
import { promoted, removed, rolledBack } from './alias-state.js';

describe('aliases', () => {
  it('keep the champion before at hand when another is promoted', () => {
    const state = { champion: '1.0.0', candidate: '1.1.0', rollback: '0.9.0', edge: '1.0.0' };
    expect(promoted(state, 'champion', '1.1.0')).toEqual({ champion: '1.1.0', rollback: '1.0.0', edge: '1.0.0' });
  });

  it('let another candidate wait when an older version is promoted', () => {
    expect(promoted({ champion: '1.1.0', candidate: '1.2.0' }, 'champion', '1.0.0')).toEqual({
      champion: '1.0.0',
      rollback: '1.1.0',
      candidate: '1.2.0',
    });
  });

  it('do not change when the version is the champion already', () => {
    const state = { champion: '1.0.0', rollback: '0.9.0' };
    expect(promoted(state, 'champion', '1.0.0')).toEqual(state);
  });

  it('move a name of one’s own alone', () => {
    expect(promoted({ champion: '1.0.0', candidate: '1.1.0' }, 'edge', '1.1.0')).toEqual({
      champion: '1.0.0',
      candidate: '1.1.0',
      edge: '1.1.0',
    });
  });

  it('swap back, and forth again', () => {
    const state = { champion: '1.1.0', rollback: '1.0.0' };
    const back = rolledBack(state);
    expect(back).toEqual({ champion: '1.0.0', rollback: '1.1.0' });
    expect(back && rolledBack(back)).toEqual(state);
  });

  it('cannot swap with nothing', () => {
    expect(rolledBack({ champion: '1.0.0' })).toBeNull();
    expect(rolledBack({ rollback: '1.0.0' })).toBeNull();
  });

  it('are removed one by one', () => {
    expect(removed({ champion: '1.0.0', edge: '1.0.0' }, 'edge')).toEqual({ champion: '1.0.0' });
    expect(removed({ champion: '1.0.0' }, 'edge')).toBeNull();
  });
});
