// `node scripts/link-sdk.mjs`: lets modules below this folder import `@shunt/sdk`, where it was built without `prepare`.
import { fileURLToPath } from 'node:url';
import { linkSdk } from './sdk-package.mjs';

linkSdk(fileURLToPath(new URL('..', import.meta.url)));
