/** The generations this product knows (docs/architecture.md, version profiles). */
export const PROFILE_NAMES = ['documented', 'master', '2.5', '2.4', '2.0'] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Those a cluster can be created with. The others are data so far, and not all of it. */
export const COMPLETE_PROFILES: readonly ProfileName[] = ['documented', 'master'];
