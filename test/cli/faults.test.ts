import { FAULTS } from './cases/faults';
import { playGroup } from './support/play-group';

playGroup(FAULTS);
