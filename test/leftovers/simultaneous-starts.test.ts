import { parseNode } from '@onebox/base';
import { httpGet } from '../support/http-get';
import { OWNERS, READY } from './support/owners';
import { Place } from './support/place';

const ROUNDS = 10;

/** The replica servers that the leader of a cluster knows. */
async function aliveNodes(metaPort: number): Promise<readonly string[]> {
  const { body } = await httpGet(parseNode(`127.0.0.1:${metaPort}`), '/meta/nodes');
  const { details } = JSON.parse(body) as { details: Record<string, { status: string }> };
  return Object.entries(details).map(([node, { status }]) => `${node} ${status}`);
}

/** One round: three clusters at the same moment, each of another kind. @param places one home for all, or one for each */
async function startThree(places: readonly [Place, Place, Place]): Promise<void> {
  const owners = OWNERS.map(({ start }, i) => start(places[i] ?? places[0]));
  await Promise.all(owners.map((owner) => owner.says(READY)));
  const homes = [...new Set(places)];
  const offsets = homes.flatMap((place) => place.offsets());
  expect(offsets).toHaveLength(3);
  const ports = offsets.flatMap((offset) => homes[0]?.ports(offset) ?? []);
  expect(new Set(ports).size).toBe(9);
  for (const offset of offsets) {
    expect(await aliveNodes(34_601 + offset)).toEqual([`127.0.0.1:${34_801 + offset} ALIVE`]);
  }
  for (const owner of owners) owner.signalGroup('SIGTERM');
  await Promise.all(owners.map((owner) => owner.end()));
  for (const place of homes) for (const offset of offsets) await place.expectNothing(offset);
}

test.each(['of one home', 'of three homes'])(
  `three clusters %s that start at the same moment never collide, in ${ROUNDS / 2} rounds`,
  async (where) => {
    const first = new Place();
    const places = [first, ...(where === 'of one home' ? [] : [new Place(), new Place()])] as const;
    const [, second = first, third = first] = places;
    try {
      for (let round = 0; round < ROUNDS / 2; round += 1) await startThree([first, second, third]);
    } finally {
      for (const place of places) place.close();
    }
  },
  120_000,
);
