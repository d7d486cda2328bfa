export * from './catalogue.js';
export * from './search.js';
export * from './training-memory.js';
