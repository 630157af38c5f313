import { OutputGate, type Outlet } from '../src/output-gate';
import { KeptJournal } from './support/kept-journal';

const EMPTY = Buffer.alloc(0);

/** Notes when it is sealed and sent; what it has to say comes in between. */
class Note implements Outlet {
  private text = '';
  private sealed = '';
  constructor(
    private readonly gate: OutputGate,
    private readonly sent: string[],
  ) {}
  say(text: string): void {
    if (this.text === '') this.gate.add(this);
    this.text += text;
  }
  seal(): void {
    this.sealed = this.text;
    this.text = '';
  }
  send(): void {
    this.sent.push(this.sealed);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('with nothing to make durable everything leaves at once', () => {
  const sent: string[] = [];
  const gate = new OutputGate(new KeptJournal(true), () => undefined);
  const [a, b] = [new Note(gate, sent), new Note(gate, sent)];
  a.say('1');
  b.say('2');
  a.say('3');
  gate.open();
  expect(sent).toEqual(['13', '2']);
  gate.open();
  expect(sent).toEqual(['13', '2']);
});

test('what is said while the journal flushes waits for the next flush, of which it may know something', async () => {
  const sent: string[] = [];
  const journal = new KeptJournal(true);
  const gate = new OutputGate(journal, () => undefined);
  const [a, b] = [new Note(gate, sent), new Note(gate, sent)];
  void journal.append(1n, EMPTY);
  a.say('first');
  gate.open();
  b.say('second');
  gate.open();
  await turn();
  expect(sent).toEqual([]);
  journal.settle();
  void journal.append(2n, EMPTY);
  await turn();
  expect(sent).toEqual(['first']);
  journal.settle();
  await turn();
  expect(sent).toEqual(['first', 'second']);
});

test('a journal that fails keeps the gate shut for good, and says so once', async () => {
  const sent: string[] = [];
  const failures: unknown[] = [];
  const journal = new KeptJournal(true);
  const gate = new OutputGate(journal, (error) => failures.push(error));
  const note = new Note(gate, sent);
  void journal.append(1n, EMPTY).catch(() => undefined);
  note.say('never');
  gate.open();
  const failure = new Error('full');
  journal.settle(failure);
  await turn();
  note.say('nor this');
  gate.open();
  await turn();
  expect([sent, failures]).toEqual([[], [failure]]);
});
