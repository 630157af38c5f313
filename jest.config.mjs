/** One runner for every level: unit and golden tests beside their room, suites that cross rooms in test/. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@onebox/)'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  // What waits has a bound of its own; this is for a machine that is busy with something else.
  testTimeout: 120_000,
};
