import { REFUSALS } from './cases/refusals';
import { playGroup } from './support/play-group';

playGroup(REFUSALS);
