// npx jest --config examples/jest/jest.config.cjs
module.exports = {
  testEnvironment: 'node',
  transform: {}, // plain JavaScript
  globalSetup: './global-setup.cjs',
  globalTeardown: './global-teardown.cjs',
  testTimeout: 60_000,
};
