import { BlockList, isIP, SocketAddress } from 'node:net';

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
const withPort = /^(?:\[([^\]]{1,64})\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5})$/;

/** The one spelling of an IP address, with or without a port or brackets; null for what is none. */
export function canonicalAddress(text: string): string | null {
  const match = withPort.exec(text);
  const bare = match?.[1] ?? match?.[2] ?? text;
  const version = isIP(bare);
  if (version === 0 || bare.includes('%')) return null;
  const { address } = new SocketAddress({ address: bare, family: version === 6 ? 'ipv6' : 'ipv4' });
  return mapped.exec(address)?.[1] ?? address;
}

/** Says why a value is no network, or null for an address or one with a prefix length, such as `10.0.0.0/8`. */
export function networkProblem(text: string): string | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  return isIP(address) !== 0 && isPrefix && rest.length === 0
    ? null
    : 'must be an IP address, or a network such as 10.0.0.0/8';
}

/** Makes a check whether an address, in its one spelling, lies in one of checked networks. */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
    list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
