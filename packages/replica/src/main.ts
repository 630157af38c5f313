import { runServer } from '@onebox/server';
import { ReplicaServer } from './replica-server';

void runServer('replica', (context) => new ReplicaServer(context));
