import { CONFIGURATION } from './cases/configuration';
import { playGroup } from './support/play-group';

playGroup(CONFIGURATION);
