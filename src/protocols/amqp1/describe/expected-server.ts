import type { Expected } from '../../shared/foreign-server';
import { amqp1 } from './describe';

/** The protocol header of SASL, TLS or AMQP itself, in any version that begins with 1 (AMQP 1.0, part 2, section 2.2). */
export const expectedServer: Expected = {
	protocol: amqp1,
	server: 'an AMQP 1.0 server',
	starts: (head) => ['AMQP\0\x01', 'AMQP\x02\x01', 'AMQP\x03\x01'].some((start) => head.startsWith(start)),
};
