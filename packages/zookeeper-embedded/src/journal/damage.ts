import { join } from 'node:path';
import { OneboxError } from '@onebox/base';

/** What was written down is not what is read. Nothing has been changed when this is thrown. */
export function damaged(directory: string, file: string, offset: number, what: string): OneboxError {
  const path = join(directory, file);
  return new OneboxError('ONEBOX_JOURNAL_DAMAGED', `${path} is damaged at offset ${offset}: ${what}`, {
    nextStep:
      'Nothing was changed. Put the file back as it was, or give up what ZooKeeper had: `onebox clear`, then start anew.',
    data: { file: path, offset, what },
  });
}
