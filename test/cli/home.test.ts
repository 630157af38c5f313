import { HOME } from './cases/home';
import { playGroup } from './support/play-group';

playGroup(HOME);
