import type { Failure } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import type { Reader } from './bytes';
import { conditionInWords } from './conditions';
import type { Stage } from './handshake';
import { method } from './methods';

/** Who uses the connection, and what. */
export interface Account {
	user: string;
	vhost: string;
}

/** Why a server closes a channel or a connection (AMQP 0-9-1, sections 1.4.2.9 and 1.5.2.5). */
export interface Closing {
	code: number;
	text: string;
	/** The method that caused it, as in `method`; 0 for none in particular. */
	about: number;
}

export function readClosing(reader: Reader): Closing {
	return { code: reader.uint16(), text: reader.short(), about: reader.uint16() * 65_536 + reader.uint16() };
}

/** The server's own words, and what a message file can expect. */
function wordsOf({ code, text }: Closing) {
	const reason = peerText(text);
	return { evidence: `${code} ${reason}`, end: { code: String(code), reason } };
}
const quoted = (text: string) => `"${peerText(text, { most: 100 })}"`;

/** Why the server closed the connection (AMQP 0-9-1, section 1.4.2.9). */
export function connectionRefusal(closing: Closing, known: Account & { stage: Stage }): Failure {
	const { code, text } = closing;
	const said = wordsOf(closing);
	const user = quoted(known.user);
	const vhost = quoted(known.vhost);
	if (code === 403 && known.stage === 'login')
		return {
			code: 'credentials-refused',
			message: `The server refused the login of the user ${user}.`,
			...said,
			remedy: {
				text:
					known.user === 'guest'
						? 'Set user name and password: RabbitMQ lets "guest" in from the same machine only.'
						: 'Check user name and password of the connection.',
			},
			final: true,
		};
	if (code === 530 && /not found/i.test(text))
		return {
			code: 'vhost-not-found',
			message:
				known.vhost === '' ? 'There is no virtual host with an empty name.' : `There is no virtual host ${vhost}.`,
			...said,
			remedy: {
				text:
					known.vhost === ''
						? 'Leave out the "/" at the end of the URL for the virtual host "/".'
						: 'Check the path of the URL: it names the virtual host, with "%2F" for "/".',
			},
			final: true,
		};
	if (code === 530 && /refused/i.test(text))
		return {
			code: 'vhost-refused',
			message: `The user ${user} may not use the virtual host ${vhost}.`,
			...said,
			remedy: {
				text: 'Give the user permissions there (rabbitmqctl set_permissions), or name another one in the URL.',
			},
			final: true,
		};
	const [, what, streamQueue] = /(\S+) not supported by stream queues queue '([^']*)'/.exec(text) ?? [];
	if (code === 540 && what !== undefined && streamQueue !== undefined) return { ...streamCannot(streamQueue), ...said };
	const [, exchangeType] = /(?:invalid|unknown) exchange type '([^']*)'/.exec(text) ?? [];
	if (code === 503 && exchangeType !== undefined)
		return {
			code: 'no-such-type',
			message: `The server does not know exchanges of the type ${quoted(exchangeType)}.`,
			...said,
			remedy: { text: 'Choose another type, or enable the plugin that brings it (rabbitmq-plugins enable …).' },
		};
	const words: Record<number, [string, string]> = {
		320: ['closed-by-operator', 'The server was told to close the connection, or shuts down.'],
		402: ['bad-path', 'The server does not know the virtual host.'],
		403: ['access-refused', `The server refused access to the user ${user}.`],
		501: ['frame-error', 'The server could not read a frame of ours.'],
		503: ['command-invalid', 'The server does not know a command of ours.'],
		504: ['channel-error', 'The server says that a channel was used wrongly.'],
		505: ['unexpected-frame', 'The server did not expect a frame of ours.'],
		506: ['resource-error', 'The server has run out of something that it needs.'],
		530: ['not-allowed', 'The server does not allow this.'],
		540: ['not-implemented', 'The server cannot do what was asked.'],
		541: ['internal-error', 'The server had an error of its own.'],
	};
	const [name, message] = words[code] ?? ['closed-by-server', 'The server closed the connection.'];
	return { code: name, message, ...said, ...(code === 530 && known.stage !== 'open' ? { final: true } : {}) };
}

/** What RabbitMQ refuses for streams, by closing the whole connection. */
export const streamCannot = (queue: string): Failure => ({
	code: 'is-stream',
	message: `${quoted(queue)} is a stream: it can be neither peeked at nor purged, and nothing can be moved out of it.`,
	remedy: { text: 'Consume it: what is read from a stream stays in it.' },
});

type Permission = 'configure' | 'write' | 'read';

/** What RabbitMQ checks for each method, on the queue or on the exchange (its access control guide). */
const needs: Record<number, { queue: Permission; exchange: Permission }> = {
	[method.exchangeDeclare]: { queue: 'configure', exchange: 'configure' },
	[method.exchangeDelete]: { queue: 'configure', exchange: 'configure' },
	// The exchange is the one of its dead letters.
	[method.queueDeclare]: { queue: 'configure', exchange: 'write' },
	[method.queueDelete]: { queue: 'configure', exchange: 'configure' },
	[method.queueBind]: { queue: 'write', exchange: 'read' },
	[method.queueUnbind]: { queue: 'write', exchange: 'read' },
	[method.queuePurge]: { queue: 'read', exchange: 'read' },
	[method.consume]: { queue: 'read', exchange: 'read' },
	[method.get]: { queue: 'read', exchange: 'read' },
	[method.publish]: { queue: 'write', exchange: 'write' },
};

/** Of a binding, the exchange that messages come from is read, and the other end is written. */
const binds = new Set<number>([method.exchangeBind, method.exchangeUnbind]);

/** Why the server closed a channel: what was asked on it, and of what. */
export function channelRefusal(closing: Closing, known: Account): Failure {
	const { code, text, about } = closing;
	const said = wordsOf(closing);
	const [, kind, name] = /\b(queue|exchange|topic) '([^']*)'/.exec(text) ?? [];
	// Permissions have no other name for the one without a name.
	const isDefault = kind === 'exchange' && name === 'amq.default';
	const named = kind && name !== undefined ? `the ${kind} ${quoted(name)}` : 'it';
	const resource = isDefault ? 'the default exchange ("amq.default" in permissions)' : named;
	const where = `in the virtual host ${quoted(known.vhost)}`;
	if (code === 403) {
		const reserved = notPermission(text);
		if (reserved) return { code: 'not-allowed', message: reserved, ...said };
		const [, told] = /\b(configure|write|read)\b access/.exec(text) ?? [];
		const need = told ?? needs[about]?.[kind === 'exchange' ? 'exchange' : 'queue'];
		const user = quoted(known.user);
		const permission = need ?? (binds.has(about) ? 'read or write' : undefined);
		return {
			code: 'access-refused',
			message: permission
				? `The user ${user} has no ${permission} permission on ${resource} ${where}.`
				: `The user ${user} may not do this to ${resource} ${where}.`,
			...said,
			remedy: { text: 'Give it the permission (rabbitmqctl set_permissions), or use another user.' },
		};
	}
	if (code === 404)
		return {
			code: 'not-found',
			message: `There is no ${kind ? `${kind} ${quoted(name ?? '')}` : 'such thing'} ${where}.`,
			...said,
		};
	if (code === 405)
		return {
			code: 'locked',
			message: `Another connection has ${resource} for itself (exclusive).`,
			...said,
		};
	if (code === 406)
		return {
			code: 'precondition-failed',
			message: conditionInWords(text) ?? 'The server refused: a condition does not hold.',
			...said,
		};
	if (code === 311)
		return { code: 'too-large', message: 'The server refused the message: it is too large for it.', ...said };
	if (code === 530) return { code: 'not-allowed', message: 'The server does not allow this.', ...said };
	if (code === 540) return { code: 'not-implemented', message: 'The server cannot do this.', ...said };
	return { code: 'refused-by-server', message: 'The server refused this.', ...said };
}

/** What nobody may do, whatever the permissions. */
function notPermission(text: string): string | undefined {
	const [, prefix] = /contains reserved prefix '([^']*)'/.exec(text) ?? [];
	if (prefix !== undefined)
		return `Names that start with "${peerText(prefix, { most: 20 }).replace(/\*$/, '')}" are the server’s own: choose another one.`;
	if (/not permitted on the default exchange/.test(text))
		return 'The default exchange is the server’s own: it leads to every queue by its name, and cannot be bound, declared or deleted.';
	const [, system] = /deletion of system exchange '([^']*)'/.exec(text) ?? [];
	return system === undefined ? undefined : `The exchange ${quoted(system)} is the server’s own and cannot be deleted.`;
}
