import { runServer } from '@onebox/server';
import { createMetaServer } from './create-meta-server';

void runServer('meta', createMetaServer);
