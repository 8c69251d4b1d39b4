import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** `vite build apps/dashboard`: the page, for the dispatcher to serve. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: fileURLToPath(new URL('../../dist/apps/dashboard', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files would be data: addresses, which the page's policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
