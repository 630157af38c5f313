import { runServer } from '@onebox/server';
import { CollectorServer } from './collector-server';

void runServer('collector', (context) => new CollectorServer(context));
