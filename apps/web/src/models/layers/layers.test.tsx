import { type Architecture, inferenceRoutes, type Layer } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { modelVersion } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { layerTree } from './layer-tree';
import { Layers } from './layers';
import { visibleGraph } from './visible-graph';

function layer(name: string, change: Partial<Layer> = {}): Layer {
  return { name, scope: null, type: 'Conv', shape: [1, 8, 4, 4], parameters: 10, share: 0.1, from: [], ...change };
}

/** stem → block.0.conv → block.0.relu → head */
const SMALL: Architecture = {
  file: 'model.onnx',
  kind: 'graph',
  parameters: 100,
  inputs: [{ name: 'image', type: 'float32', shape: [-1, 3, 32, 32] }],
  outputs: [{ name: 'scores', type: 'float32', shape: [-1, 10] }],
  scopes: [
    { name: 'block', parent: null, parameters: 60, layers: 2 },
    { name: 'block.0', parent: 0, parameters: 60, layers: 2 },
  ],
  layers: [
    layer('stem', { parameters: 30, share: 0.3 }),
    layer('conv', { scope: 1, parameters: 60, share: 0.6, from: [0] }),
    layer('relu', { scope: 1, type: 'Relu', parameters: 0, share: 0, from: [1] }),
    layer('head', { type: 'Gemm', shape: [-1, 10], from: [2] }),
  ],
};

function renderLayers(answer: () => Architecture | Refusal) {
  fakeApi([[inferenceRoutes.layers, answer]]);
  return renderPage(<Layers version={modelVersion()} />);
}
const show = () => userEvent.click(screen.getByRole('button', { name: 'Show the layers' }));
const rows = () =>
  within(screen.getByRole('treegrid'))
    .getAllByRole('row')
    .slice(1)
    .map(({ textContent }) => textContent);

test('shows layers in their scopes, each with its share, once somebody wants to see them', async () => {
  renderLayers(() => SMALL);
  await show();
  await screen.findByRole('treegrid');
  screen.getByText(/model\.onnx: 4 layers, 100 parameters · image \[\?, 3, 32, 32\] → scores \[\?, 10\]/);
  expect(rows()).toEqual(['stemConv1×8×4×43030.0%', 'block2 layers6060.0%', 'headGemm?×101010.0%']);
  await userEvent.click(screen.getByRole('button', { name: 'Open everything' }));
  expect(rows().slice(1, 4)).toEqual(['block2 layers6060.0%', '02 layers6060.0%', 'convConv1×8×4×46060.0%']);
});

test('is moved through by keyboard alone', async () => {
  renderLayers(() => SMALL);
  await show();
  const grid = await screen.findByRole('treegrid');
  const active = () => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.textContent;
  grid.focus();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}');
  expect(active()).toContain('conv');
  const row = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
  expect([row?.getAttribute('aria-level'), row?.getAttribute('aria-setsize')]).toEqual(['3', '2']);
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}');
  expect(active()).toContain('block');
  await userEvent.keyboard('{Enter}');
  expect(rows()).toHaveLength(3);
  await userEvent.keyboard('{End}');
  expect(active()).toContain('head');
});

test('holds only what is in sight of a thousand layers', async () => {
  const layers = Array.from({ length: 1000 }, (_, index) => layer(`layer${index}`, { scope: index % 10 }));
  const scopes = Array.from({ length: 10 }, (_, index) => ({
    name: `stage${index}`,
    parent: null,
    parameters: 1000,
    layers: 100,
  }));
  renderLayers(() => ({ ...SMALL, scopes, layers }));
  await show();
  await userEvent.click(await screen.findByRole('button', { name: 'Open everything' }));
  expect(screen.getByRole('treegrid').getAttribute('aria-rowcount')).toBe('1011');
  expect(rows().length).toBeLessThan(60);
});

test('groups long runs that have no scopes', () => {
  const layers = Array.from({ length: 130 }, (_, index) => layer(`node${index}`, { share: 1 / 130 }));
  const tree = layerTree({ ...SMALL, scopes: [], layers });
  expect(tree.map(({ name, layers: count }) => [name, count])).toEqual([
    ['1–50', 50],
    ['51–100', 50],
    ['101–130', 30],
  ]);
});

test('draws a closed scope as one node with the edges of all that is in it', () => {
  const tree = layerTree(SMALL);
  const names = (open: string[]) => {
    const { nodes, edges } = visibleGraph(tree, SMALL, new Set(open));
    const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name;
    return edges.map(({ from, to }) => `${nameOf(from)} → ${nameOf(to)}`);
  };
  expect(names([])).toEqual(['stem → block', 'block → head']);
  expect(names(['s0', 's1'])).toEqual(['stem → conv', 'conv → relu', 'relu → head']);
});

test('says why there is no graph of a state dict, and why layers cannot be read', async () => {
  const { unmount } = renderLayers(() => ({ ...SMALL, kind: 'state_dict' }));
  await show();
  await userEvent.click(await screen.findByRole('radio', { name: 'Graph' }));
  await screen.findByText(/Only the weights are known/);
  unmount();
  renderLayers(() => new Refusal(422, 'model.layers_unknown'));
  await show();
  expect((await screen.findByRole('alert')).textContent).toContain('ONNX or a safetensors file');
});
