/** The generations this product knows (docs/architecture.md, version profiles). */
export const PROFILE_NAMES = ['documented', 'master', '2.5', '2.4', '2.0'] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/** The names as a sentence lists them. */
export const PROFILE_WORDS = `${PROFILE_NAMES.slice(0, -1).join(', ')} or ${PROFILE_NAMES.at(-1)}`;
