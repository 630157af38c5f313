const { Onebox } = require('pegasus-onebox');

/** One cluster for all test files. Workers inherit the environment, and find it there. */
module.exports = async () => {
  const cluster = await Onebox.start({ replicas: 3, tables: ['users'] });
  Object.assign(process.env, cluster.env);
  globalThis.cluster = cluster;
};
