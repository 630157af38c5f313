import { parseNode } from '@onebox/base';
import { DnsAddressResolver, toWireHostPort, wireNode } from '../src/address';

describe('addresses', () => {
  test('an IPv4 address and localhost are known at once', async () => {
    const addresses = new DnsAddressResolver(() => Promise.reject(new Error('nobody is asked')));
    expect(addresses.toRpcAddress(parseNode('10.1.2.3:34801'))).toEqual({ ip: '10.1.2.3', port: 34801 });
    expect(addresses.toRpcAddress(parseNode('localhost:34801'))).toEqual({ ip: '127.0.0.1', port: 34801 });
    await expect(addresses.resolveHost('localhost')).resolves.toBe('127.0.0.1');
  });

  test('another name is null until it was learned, and is asked for once', async () => {
    const asked: string[] = [];
    const addresses = new DnsAddressResolver((host) => {
      asked.push(host);
      return Promise.resolve('10.0.0.7');
    });
    const node = parseNode('meta-1.example:34601');
    expect(addresses.toRpcAddress(node)).toBeNull();
    await Promise.all([addresses.learn(node), addresses.learn(node)]);
    expect(addresses.toRpcAddress(node)).toEqual({ ip: '10.0.0.7', port: 34601 });
    expect(asked).toEqual(['meta-1.example']);
  });

  test('a name that could not be resolved is asked for again', async () => {
    let answers = 0;
    const addresses = new DnsAddressResolver(() => {
      answers += 1;
      return answers === 1 ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve('10.0.0.8');
    });
    await expect(addresses.resolveHost('late.example')).rejects.toThrow('ENOTFOUND');
    await expect(addresses.resolveHost('late.example')).resolves.toBe('10.0.0.8');
  });
});

describe('the identity of a node in a struct', () => {
  const address = { ip: '127.0.0.1', port: 34801 };

  test('is its host_port, else its address', () => {
    expect(wireNode({ host: 'localhost', port: 34801 }, address)).toBe('localhost:34801');
    expect(wireNode(undefined, address)).toBe('127.0.0.1:34801');
    expect(wireNode(null, address)).toBe('127.0.0.1:34801');
    expect(wireNode(null, null)).toBeUndefined();
  });

  test('is never text that is no address', () => {
    expect(wireNode({ host: 'a b\n', port: 34801 }, null)).toBeUndefined();
    expect(wireNode({ host: '', port: 34801 }, address)).toBe('127.0.0.1:34801');
    expect(wireNode(undefined, { ip: '127.0.0.1', port: 0 })).toBeUndefined();
  });

  test('goes into hp_* fields, with null for nobody', () => {
    expect(toWireHostPort(parseNode('localhost:34801'))).toEqual({ host: 'localhost', port: 34801 });
    expect(toWireHostPort(undefined)).toBeNull();
  });
});
