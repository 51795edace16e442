import type { Expected } from '../../shared/foreign-server';
import { amqp } from './describe';

export const expectedServer: Expected = {
	protocol: amqp,
	server: 'an AMQP 0-9-1 server',
	starts: (head) => head.startsWith('\x01'),
};
