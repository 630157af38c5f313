import { Onebox } from 'pegasus-onebox';

/** One cluster for all test files. What is returned is the tear-down. */
export default async function setup() {
  const cluster = await Onebox.start({ replicas: 3, tables: ['users'] });
  Object.assign(process.env, cluster.env);
  return () => cluster.stop();
}
