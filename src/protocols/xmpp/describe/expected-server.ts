import type { Expected } from '../../shared/foreign-server';
import { xmpp } from './describe';

export const expectedServer: Expected = {
	protocol: xmpp,
	server: 'an XMPP server',
	starts: (head) => /^\s*<(?!h?t?m?l?$|html|!)/i.test(head),
};
