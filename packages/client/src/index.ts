export * from './client.js';
export * from './errors.js';
export * from './remaining.js';
export * from './request.js';
export * from './run-view.js';
export * from './watch-project.js';
export * from './watch-run.js';
