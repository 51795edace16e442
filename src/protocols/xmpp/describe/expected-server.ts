import type { Expected } from '../../shared/foreign-server';
import { xmpp } from './describe';

/** Recognizes an XMPP server by the first characters of its stream; HTML starts with a tag as well. */
export const expectedServer: Expected = {
	protocol: xmpp,
	server: 'an XMPP server',
	starts: (head) => /^\s*<(?!h?t?m?l?$|html|!)/i.test(head),
};
