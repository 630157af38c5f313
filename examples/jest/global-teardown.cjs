/** Runs in the process of the set-up. */
module.exports = async () => {
  await globalThis.cluster.stop();
};
