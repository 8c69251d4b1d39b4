import { canonicalAddress, inNetworks } from '@shunt/input';
import type { Target } from '@shunt/runtime';

/** Says why a URL may not be called, null when it may as far as its text tells. */
export function targetProblem(url: URL, targets: readonly Target[]): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
  const host = url.hostname.replace(/\.$/, '');
  // A URL leaves out the port that is its scheme's own.
  const port = url.port === '' ? undefined : Number(url.port);
  const own = url.protocol === 'https:' ? 443 : 80;
  const isAllowed = targets.some(({ host: name, port: at }) => {
    const isHost = name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
    return isHost && (at === port || (port === undefined && at === own));
  });
  return isAllowed ? null : 'is of a host and port that SHUNT_TARGET_HOSTS does not name';
}

/** What is not the open internet: private, shared, local, documentation, multicast and reserved networks (RFC 6890 and its registries). */
const special = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...[
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ...['::/128', '::1/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

/** Makes a check whether an address may be connected to: the open internet, and what the networks allow besides. */
export function mayConnect(networks: readonly string[]): (address: string) => boolean {
  const [isSpecial, isAllowed] = [inNetworks(special), inNetworks(networks)];
  return (text) => {
    const address = canonicalAddress(text);
    return address !== null && (!isSpecial(address) || isAllowed(address));
  };
}
