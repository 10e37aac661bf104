/** Enlarger in an editor made with Fabric.js 7. */

export { createFabricHost, type FabricPage, GENERATED_PROPERTY } from './host.js';
