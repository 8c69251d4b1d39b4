import { connect } from '@shunt/sdk';
import { clientCases } from '../../conformance/client-cases.js';
import { keyOf } from '../../support/http.js';

clientCases('Redis', (pool, _, options) => pool.client(options));
clientCases('HTTP', ({ pool }, { url }, options) =>
  connect({ address: url, apiKey: keyOf('admin'), pool, ...options }),
);
