import { OneboxError } from '@onebox/base';

/**
 * Upstream's servers take any name; its client library, which every tool uses, has this rule
 * (reference/cluster-behaviour.md 7.2). @throws OneboxError ONEBOX_BAD_TABLE_NAME
 */
export function checkTableName(name: string): void {
  if (/^[0-9a-zA-Z._:]+$/.test(name)) return;
  throw new OneboxError('ONEBOX_BAD_TABLE_NAME', `'${name}' is not a table name`, {
    nextStep: 'Only 0-9 a-z A-Z . _ and : are valid.',
    data: { name },
  });
}
