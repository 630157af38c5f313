import { translateUpstream } from '../src/upstream-verbs';

test.each([
  ['start_onebox', 'start'],
  ['start_onebox -m 3 -r 5 -c -a users -p 16 -w', 'start -m 3 -r 5 -a users -p 16'],
  ['start_onebox --meta_count 1 --replica_count 2', 'start --metas 1 --replicas 2'],
  ['stop_onebox', 'stop'],
  ['list_onebox', 'status'],
  ['clear_onebox', 'clear'],
  ['start_onebox_instance -m 1', 'start meta1'],
  ['stop_onebox_instance --replica_id 2', 'stop replica2'],
  ['restart_onebox_instance -c -s 3', 'restart collector'],
  ['--name box stop_onebox', '--name box stop'],
  ['start -m 3', 'start -m 3'],
  ['', ''],
])('%p means %p', (upstream, own) => {
  expect(translateUpstream(upstream.split(' ')).join(' ')).toBe(own);
});
