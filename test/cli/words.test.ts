import { WORDS } from './cases/words';
import { playGroup } from './support/play-group';

playGroup(WORDS);
