import { EVENTS } from './cases/events';
import { playGroup } from './support/play-group';

playGroup(EVENTS);
