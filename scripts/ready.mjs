// Exit code 0 when the dispatcher or worker of this container is ready, else 1: a health check without curl.
const port = process.env.SHUNT_HTTP_PORT ?? '7420';
const url = `http://127.0.0.1:${port}/readyz`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
  console.log(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(`${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
