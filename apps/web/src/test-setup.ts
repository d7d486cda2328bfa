import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// A busy machine takes longer than the second that is waited for by default; what is there is seen at once all the same.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

// What jsdom has no layout for.
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number) {
  if (typeof to === 'object' && to.top !== undefined) this.scrollTop = to.top;
  // As in a browser: told of later.
  queueMicrotask(() => this.dispatchEvent(new Event('scroll')));
} as Element['scrollTo'];
Element.prototype.hasPointerCapture = () => false;
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
// So that a list of which only what is in sight is rendered has something in sight.
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 800 });
Object.defineProperty(HTMLElement.prototype, 'scrollHeight', {
  configurable: true,
  get(this: HTMLElement) {
    const [list] = this.children;
    return Math.max(800, Number.parseFloat(list instanceof HTMLElement ? list.style.height : '') || 0);
  },
});
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 1200 });
window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: true }) as MediaQueryList;
// What charts draw with, of which jsdom has nothing: they are drawn nowhere, and all around them is real.
const nothing: object = new Proxy(() => nothing, {
  get: (_, name) => (name === 'width' ? 0 : nothing),
  set: () => true,
});
HTMLCanvasElement.prototype.getContext = (() => nothing) as never;
HTMLCanvasElement.prototype.transferControlToOffscreen = () => ({}) as OffscreenCanvas;
globalThis.createImageBitmap = (async () => ({ close: () => undefined })) as unknown as typeof createImageBitmap;

globalThis.Path2D = class {} as typeof Path2D;
globalThis.Worker = class {
  postMessage() {}
} as unknown as typeof Worker;
