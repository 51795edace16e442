import type { Failure } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import { peerText } from '../../shared/peer-text';
import type { Reader } from './bytes';
import { method } from './frames';
import type { Stage } from './handshake';

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

/** The server's own text as evidence, and the code and reason that a message file can expect. */
function evidenceOf({ code, text }: Closing) {
	const reason = peerText(text);
	return { evidence: `${code} ${reason}`, end: { code: String(code), reason } };
}
const quoted = (text: string) => `"${peerText(text, { most: 100 })}"`;

/** The failure for the server's connection.close (AMQP 0-9-1, section 1.4.2.9). */
export function connectionRefusal(closing: Closing, known: Account & { stage: Stage }): Failure {
	const { code, text } = closing;
	const own = evidenceOf(closing);
	const user = quoted(known.user);
	const vhost = quoted(known.vhost);
	if (code === 403 && known.stage === 'login')
		return {
			code: 'credentials-refused',
			message: `The server refused the login of the user ${user}.`,
			...own,
			remedy: {
				text:
					known.user === 'guest'
						? 'Set user name and password: RabbitMQ accepts "guest" from the same machine only.'
						: 'Check user name and password of the connection.',
			},
			final: true,
		};
	if (code === 530 && /not found/i.test(text))
		return {
			code: 'vhost-not-found',
			message:
				known.vhost === '' ? 'There is no virtual host with an empty name.' : `There is no virtual host ${vhost}.`,
			...own,
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
			...own,
			remedy: {
				text: 'Give the user permissions there (rabbitmqctl set_permissions), or name another one in the URL.',
			},
			final: true,
		};
	const [, what, streamQueue] = /(\S+) not supported by stream queues queue '([^']*)'/.exec(text) ?? [];
	if (code === 540 && what !== undefined && streamQueue !== undefined) return { ...streamCannot(streamQueue), ...own };
	const [, exchangeType] = /(?:invalid|unknown) exchange type '([^']*)'/.exec(text) ?? [];
	if (code === 503 && exchangeType !== undefined)
		return {
			code: 'no-such-type',
			message: `The server does not know exchanges of the type ${quoted(exchangeType)}.`,
			...own,
			remedy: { text: 'Choose another type, or enable the plugin that provides it (rabbitmq-plugins enable …).' },
		};
	const words: Record<number, [string, string]> = {
		320: ['closed-by-operator', 'An operator closed the connection, or the server is shutting down.'],
		402: ['bad-path', 'The server does not know the virtual host.'],
		403: ['access-refused', `The server refused access to the user ${user}.`],
		501: ['frame-error', 'The server could not read a frame of this client.'],
		503: ['command-invalid', 'The server does not know a command of this client.'],
		504: ['channel-error', 'The server reports that a channel was used incorrectly.'],
		505: ['unexpected-frame', 'The server did not expect a frame of this client.'],
		506: ['resource-error', 'The server has run out of a resource.'],
		530: ['not-allowed', 'The server does not allow this.'],
		540: ['not-implemented', 'The server does not support this operation.'],
		541: ['internal-error', 'The server reports an internal error.'],
	};
	const [name, message] = words[code] ?? ['closed-by-server', 'The server closed the connection.'];
	return { code: name, message, ...own, ...(code === 530 && known.stage !== 'open' ? { final: true } : {}) };
}

/** RabbitMQ refuses these operations on streams by closing the whole connection. */
export const streamCannot = (queue: string): Failure => ({
	code: 'is-stream',
	message: `${quoted(queue)} is a stream: it cannot be peeked at or purged, and messages cannot be moved out of it.`,
	remedy: { text: 'Use "Read Stream" instead: a stream keeps the messages that are read.' },
});

type Permission = 'configure' | 'write' | 'read';

/** The permission that RabbitMQ checks for each method, on the queue or on the exchange (its access control guide). */
const needs: Record<number, { queue: Permission; exchange: Permission }> = {
	[method.exchangeDeclare]: { queue: 'configure', exchange: 'configure' },
	[method.exchangeDelete]: { queue: 'configure', exchange: 'configure' },
	// The exchange is the dead-letter exchange.
	[method.queueDeclare]: { queue: 'configure', exchange: 'write' },
	[method.queueDelete]: { queue: 'configure', exchange: 'configure' },
	[method.queueBind]: { queue: 'write', exchange: 'read' },
	[method.queueUnbind]: { queue: 'write', exchange: 'read' },
	[method.queuePurge]: { queue: 'read', exchange: 'read' },
	[method.consume]: { queue: 'read', exchange: 'read' },
	[method.get]: { queue: 'read', exchange: 'read' },
	[method.publish]: { queue: 'write', exchange: 'write' },
};

/** A binding between exchanges needs read permission on the source and write permission on the destination. */
const binds = new Set<number>([method.exchangeBind, method.exchangeUnbind]);

/** The failure for the server's channel.close, which names the method and the resource. */
export function channelRefusal(closing: Closing, known: Account): Failure {
	const { code, text, about } = closing;
	const own = evidenceOf(closing);
	const [, kind, name] = /\b(queue|exchange|topic) '([^']*)'/.exec(text) ?? [];
	// Permissions name the default exchange, whose name is empty, "amq.default".
	const isDefault = kind === 'exchange' && name === 'amq.default';
	const named = kind && name !== undefined ? `the ${kind} ${quoted(name)}` : 'it';
	const resource = isDefault ? 'the default exchange ("amq.default" in permissions)' : named;
	const where = `in the virtual host ${quoted(known.vhost)}`;
	if (code === 403) {
		const reserved = reservedFor(text);
		if (reserved) return { code: 'not-allowed', message: reserved, ...own };
		const [, reported] = /\b(configure|write|read)\b access/.exec(text) ?? [];
		const need = reported ?? needs[about]?.[kind === 'exchange' ? 'exchange' : 'queue'];
		const user = quoted(known.user);
		const permission = need ?? (binds.has(about) ? 'read or write' : undefined);
		return {
			code: 'access-refused',
			message: permission
				? `The user ${user} has no ${permission} permission on ${resource} ${where}.`
				: `The user ${user} may not do this to ${resource} ${where}.`,
			...own,
			remedy: { text: 'Give it the permission (rabbitmqctl set_permissions), or use another user.' },
		};
	}
	if (code === 404)
		return {
			code: 'not-found',
			message: `There is no ${kind ? `${kind} ${quoted(name ?? '')}` : 'such resource'} ${where}.`,
			...own,
		};
	if (code === 405)
		return {
			code: 'locked',
			message: `Another connection has exclusive use of ${resource}.`,
			...own,
		};
	if (code === 406)
		return {
			code: 'precondition-failed',
			message: conditionInWords(text) ?? 'The server refused: a precondition failed.',
			...own,
		};
	if (code === 311)
		return { code: 'too-large', message: 'The server refused the message because it is too large.', ...own };
	if (code === 530) return { code: 'not-allowed', message: 'The server does not allow this.', ...own };
	if (code === 540) return { code: 'not-implemented', message: 'The server does not support this.', ...own };
	return { code: 'refused-by-server', message: 'The server refused this.', ...own };
}

/** The message for what RabbitMQ refuses to every user, whatever the permissions. */
function reservedFor(text: string): string | undefined {
	const [, prefix] = /contains reserved prefix '([^']*)'/.exec(text) ?? [];
	if (prefix !== undefined)
		return `Names that start with "${peerText(prefix, { most: 20 }).replace(/\*$/, '')}" are reserved for the server: choose another one.`;
	if (/not permitted on the default exchange/.test(text))
		return 'The default exchange belongs to the server: it routes to every queue by name, and cannot be bound, declared or deleted.';
	const [, system] = /deletion of system exchange '([^']*)'/.exec(text) ?? [];
	return system === undefined
		? undefined
		: `The exchange ${quoted(system)} belongs to the server and cannot be deleted.`;
}

/** RabbitMQ's names for the properties of a declaration, in the words of the form. */
const properties: Record<string, string> = {
	durable: 'durable',
	auto_delete: 'deleted automatically',
	exclusive: 'exclusive',
	internal: 'internal',
	type: 'type',
	'x-queue-type': 'type (x-queue-type)',
};

const forbidden: Record<string, string> = {
	'non-durable': 'must be durable',
	'exclusive-owner': 'cannot be for one connection only',
	exclusive: 'cannot be for one connection only',
	'auto-delete': 'cannot be deleted automatically',
};

/** Reasons for which RabbitMQ shows an Erlang term. */
const wrong: Record<string, string> = {
	routing_key_but_no_dlx_defined: 'a dead-letter routing key needs a dead-letter exchange',
	invalid_overflow: 'this overflow behavior is unknown',
};

/**
 * RabbitMQ's reason for a failed precondition (406) as a sentence; undefined where it is not about a declaration. Its
 * texts have been the same since RabbitMQ 3.0.
 */
export function conditionInWords(text: string): string | undefined {
	const [, differing, kind, name, rest] =
		/inequivalent arg '([^']*)' for (queue|exchange) '([\s\S]*)' in vhost '[\s\S]*': received ([\s\S]*)$/.exec(text) ??
		[];
	if (differing !== undefined && kind && name !== undefined && rest !== undefined) {
		const [received = '', current = ''] = rest.split(' but current is ');
		const what = properties[differing] ?? differing;
		return `There is ${kind === 'queue' ? 'a' : 'an'} ${kind} ${quoted(name)} already, and it differs: ${what} is ${value(current, 'not set')} there, and ${value(received, 'none')} was asked for.`;
	}
	const [, property, ofWhat, whose] =
		/invalid property '([^']*)' for (queue|exchange) '([\s\S]*)' in vhost/.exec(text) ?? [];
	if (property !== undefined && ofWhat && whose !== undefined)
		return `A ${ofWhat} of this type ${forbidden[property] ?? `cannot be ${quoted(property)}`}, so ${quoted(whose)} was not declared.`;
	const [, argument, , , reason = ''] =
		/invalid arg '([^']*)' for (queue|exchange) '([\s\S]*)' in vhost '[^']*'(?:: ([\s\S]*)| of queue type [\s\S]*)$/.exec(
			text,
		) ?? [];
	if (argument === undefined) return undefined;
	if (/of queue type/.test(text)) return `Queues of this type do not take the argument ${quoted(argument)}.`;
	const explained = wrong[reason] ?? peerText(reason.replace(/^"|"$/g, ''), { most: 120 });
	return sentence(`The argument ${quoted(argument)} is invalid: ${explained}`);
}

/** Reads "the value '1000' of type 'long'", "'true'" or "none". */
function value(text: string, none: string): string {
	const [, quotedValue] = /'([\s\S]*?)'(?: of type '[^']*')?$/.exec(text) ?? [];
	if (quotedValue === undefined) return none;
	if (quotedValue === 'true') return 'yes';
	if (quotedValue === 'false') return 'no';
	return quoted(quotedValue);
}
