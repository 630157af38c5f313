/**
 * gperftools' text of the stacks that made the address space grow. V8 records none, so there are none: the header counts
 * zero, and the mappings follow, as in every text of that format.
 *
 * @param mappings the process's own `/proc/self/maps`; empty where there is none
 */
export function growthText(mappings: string): string {
  return `heap profile:      0:        0 [     0:        0] @ growth\n\nMAPPED_LIBRARIES:\n${mappings}`;
}
