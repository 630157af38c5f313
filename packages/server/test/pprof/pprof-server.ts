import { PprofCalls } from '../../src/pprof';
import { PROFILES } from '../../src/profile/profiles';
import type { ProfileName } from '../../src/profile/profile-name';
import { requestText } from '../golden/golden-vectors';
import { ask } from '../golden/raw-http';
import type { RawResponse } from '../golden/raw-http';
import { TestServer } from '../listener/test-server';
import { MemoryLogger } from '@onebox/base';

/** A server with the pprof calls of this very process, on a port of its own. */
export class PprofServer {
  private constructor(
    readonly server: TestServer,
    readonly calls: PprofCalls,
  ) {}

  static async start(
    environment: NodeJS.ProcessEnv = {},
    profile: ProfileName = 'master',
  ): Promise<PprofServer> {
    const { variants } = PROFILES[profile];
    const calls = new PprofCalls({ variants, environment, log: new MemoryLogger() });
    const server = await TestServer.start({
      profile: PROFILES[profile],
      role: 'replica',
      handlers: calls.handlers,
    });
    return new PprofServer(server, calls);
  }

  get(url: string): Promise<RawResponse> {
    return ask(this.server.address, requestText('GET', url));
  }

  post(url: string, body: string): Promise<RawResponse> {
    return ask(this.server.address, requestText('POST', url, body));
  }

  async close(): Promise<void> {
    await this.calls.close();
    await this.server.close();
  }
}
