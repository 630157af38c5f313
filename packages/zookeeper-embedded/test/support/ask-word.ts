import { connect } from 'node:net';
import { bounded } from '@onebox/base';

/** What a server says to a four-letter word before it closes the connection. */
export function askWord(port: number, word: string | Buffer): Promise<string> {
  const said = new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(word));
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
  });
  return bounded(`an answer to ${word.toString()}`, 10_000, said);
}
