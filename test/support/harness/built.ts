import { fileURLToPath } from 'node:url';

const above = new URL('../../../', import.meta.url);

/** The folder of the built programs, whether this file itself is a built one or runs from its source. */
export const builtFolder = fileURLToPath(above.pathname.endsWith('/dist/') ? above : new URL('dist/', above));
