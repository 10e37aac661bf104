/** All ops; importing this also registers every gradient rule. */

export * from './composite.js';
export * from './conv.js';
export * from './elementwise.js';
export * from './gather.js';
export * from './matmul.js';
export { differentiableOps } from './op.js';
export * from './reduce.js';
export * from './shape.js';
export * from './shuffle.js';
export * from './softmax.js';
