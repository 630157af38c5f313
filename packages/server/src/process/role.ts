/** What a server process is; upstream's `-app_list`. */
export const ROLES = ['meta', 'replica', 'collector'] as const;

export type Role = (typeof ROLES)[number];

export function isRole(text: string | undefined): text is Role {
  return ROLES.some((role) => role === text);
}
