import type { Expected } from '../../shared/foreign-server';
import { coap } from './describe';

export const expectedServer: Expected = {
	protocol: coap,
	server: 'a CoAP server',
	starts: () => false,
};
