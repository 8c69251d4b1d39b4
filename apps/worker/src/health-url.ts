import { networkInterfaces } from 'node:os';

/** Where a dispatcher reaches the endpoints that a worker serves at `endpoint`: one that listens on every address has one. */
export function healthUrlOf(endpoint: string, interfaces: typeof networkInterfaces = networkInterfaces): string {
  const url = new URL('/health', endpoint);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') {
    const outer = Object.values(interfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal);
    url.hostname = outer?.address ?? '127.0.0.1';
  }
  return url.href;
}
