import type { Expected } from '../../shared/foreign-server';
import { mqtt } from './describe';

export const expectedServer: Expected = {
	protocol: mqtt,
	server: 'an MQTT broker',
	starts: (head) => /^[ \xe0]/.test(head),
};
