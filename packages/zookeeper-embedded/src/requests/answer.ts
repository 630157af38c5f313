import type { Code, JuteWriter } from '../wire';

/** How a request is answered: with what writes its body, or with a code; `Code.OK` is an answer without a body. */
export type Answer = ((to: JuteWriter) => void) | Code;
