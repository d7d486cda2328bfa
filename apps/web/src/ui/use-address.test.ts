import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useAddress } from './use-address';

// Next's parameters may stay behind the address on a busy machine; here they never follow.
vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams(STANDS_STILL) }));

const STANDS_STILL = 'task=of+before';
const read = (params: URLSearchParams) => ({ task: params.get('task') ?? '' });
const write = ({ task }: { task: string }, params: URLSearchParams) =>
  task ? params.set('task', task) : params.delete('task');

test('follows the address through changes and steps back, however far behind Next is', async () => {
  window.history.replaceState(null, '', '/models?project=prj_1');
  const { result } = renderHook(() => useAddress(read, write));
  const shown = () => result.current[0].task;
  expect(shown()).toBe('');
  act(() => result.current[1]({ task: 'detection' }));
  expect(shown()).toBe('detection');
  act(() => result.current[1](({ task }) => ({ task: `${task}2` })));
  expect(window.location.search).toBe('?project=prj_1&task=detection2');
  act(() => window.history.back());
  await waitFor(() => expect(shown()).toBe('detection'));
  act(() => window.history.back());
  await waitFor(() => expect(shown()).toBe(''));
  expect(window.location.search).toBe('?project=prj_1');
});
