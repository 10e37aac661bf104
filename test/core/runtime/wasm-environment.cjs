/**
 * The environment of all tests, plus a way out of jest's realm: ONNX Runtime's wasm build starts with an
 * import() that the realm does not allow, so tests of the wasm engine load that build from outside.
 */
const Environment = require('../../environment.cjs');

module.exports = class WasmEnvironment extends Environment {
  async setup() {
    await super.setup();
    this.global.requireOutside = require;
  }
};
