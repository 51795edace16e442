import type { Expected } from '../../shared/foreign-server';
import { coap } from './describe';

/** A CoAP server never speaks first, so that nothing is recognized as one by its first bytes. */
export const expectedServer: Expected = {
	protocol: coap,
	server: 'a CoAP server',
	starts: () => false,
};
