/** Tests run as CommonJS (swc), so imports that end in ".js" are mapped back to their sources. */
const swc = (jsc) => ['@swc/jest', { module: { type: 'commonjs' }, jsc: { target: 'es2022', ...jsc } }];

export default {
  testEnvironment: '<rootDir>/test/environment.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test/**/*.test.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    // The panel's components; elsewhere "<T>" stays what it is in plain TypeScript.
    '\\.[jt]sx$': swc({
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
    }),
    '\\.[cm]?[jt]s$': swc({ parser: { syntax: 'typescript', tsx: false } }),
  },
  transformIgnorePatterns: ['/node_modules/(?!(pbf|commander|fast-png|iobuffer)/)'],
  modulePathIgnorePatterns: ['<rootDir>/.work/', '<rootDir>/dist/', '<rootDir>/bench/node_modules/'],
  testTimeout: 180_000,
};
