/** Three test files that are the same, so that each of three workers has one. */
module.exports = {
  testEnvironment: 'node',
  transform: {},
  testMatch: ['**/*.worker.js'],
  testTimeout: 60_000,
};
