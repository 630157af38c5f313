import { SURROUNDINGS } from './cases/surroundings';
import { playGroup } from './support/play-group';

playGroup(SURROUNDINGS);
