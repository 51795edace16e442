import type { Field, FieldValue } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import type { Action } from '../syntax/words';
import { verbOf } from '../syntax/words';
import { sendingVerb } from './sending-verb';

/** A header name that a protocol takes as an option. */
export interface Reserved {
	/** As it is suggested: "QoS", "Content-Type". */
	name: string;
	/** Other spellings, beyond case, hyphens and underscores. */
	aliases: readonly string[];
	help: string;
	/** The field it sets: of the message, the subscription, or the profile of an own connection. */
	sets: /** `verb`: which of the protocol's verbs it is. */
		| { what: 'message' | 'subscription' | 'profile' | 'verb'; field: Field }
		/** How the request reaches its peer. */
		| { what: 'connection' | 'host' | 'secret'; key: string }
		/** httpYac's: topics. */
		| { what: 'topic'; publish: boolean; subscribe: boolean };
}

const connection: Reserved = {
	name: 'Connection',
	aliases: [],
	help: 'The connection to use, by its name.',
	sets: { what: 'connection', key: 'connection' },
};
const host: Reserved = {
	name: 'Host',
	aliases: [],
	help: 'The URL to connect to, where no connection is saved.',
	sets: { what: 'host', key: 'host' },
};

/** Names that a specification gives to a field, besides its key. */
const aliases: Record<string, readonly string[]> = {
	messageExpiry: ['Message-Expiry-Interval'],
	payloadFormat: ['Payload-Format-Indicator'],
	identifier: ['Subscription-Identifier'],
	keepalive: ['Keep-Alive'],
	cleanStart: ['Clean', 'Clean-Session'],
	username: ['User'],
	subprotocols: ['Sec-WebSocket-Protocol'],
};

const topics: readonly Reserved[] = [
	{ name: 'Topic', publish: true, subscribe: true },
	{ name: 'Publish', publish: true, subscribe: false },
	{ name: 'Subscribe', publish: false, subscribe: true },
].map(({ name, publish, subscribe }) => ({
	name,
	aliases: [],
	help: publish ? (subscribe ? 'Published and subscribed to.' : 'Published to.') : 'Subscribed to.',
	sets: { what: 'topic', publish, subscribe },
}));

/** "Content-Type", "content_type" and "contentType" are one name. */
export function plain(name: string): string {
	return name.toLowerCase().replace(/[-_]/g, '');
}

function shown(field: Field): string {
	if (plain(field.label) === plain(field.key)) return field.label;
	const words = field.key.replace(/([a-z])([A-Z])/g, '$1-$2').split(/[-.]/);
	return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('-');
}

const reserve =
	(what: 'message' | 'subscription' | 'profile' | 'verb') =>
	(field: Field): Reserved => ({
		name: shown(field),
		aliases: aliases[field.key] ?? [],
		help: field.help ?? field.label,
		sets: { what, field },
	});

const known = new Map<string, readonly Reserved[]>();

/** What headers of a request with this verb may be, the user's own aside. `description` undefined: not known yet. */
export function reservedFor(
	verb: string,
	description: ProtocolDescription | undefined,
	given?: string,
): readonly Reserved[] {
	const key = `${verb.toUpperCase()} ${description?.id} ${given}`;
	const cached = known.get(key);
	if (cached) return cached;
	const made = [...new Map(make(verb, description, given).map((one) => [plain(one.name), one])).values()];
	known.set(key, made);
	return made;
}

function make(verb: string, description: ProtocolDescription | undefined, given: string | undefined): Reserved[] {
	const word = verbOf(verb);
	const action: Action = word?.action ?? 'send';
	const sendVerb = word && description && sendingVerb(word, verb, description, { given });
	const message = (sendVerb?.fields ?? []).filter(({ type }) => type !== 'pairs').map(reserve('message'));
	const modes = description?.subscription?.modes ?? [];
	const subscription = [
		...modes.flatMap(({ fields = [] }) => fields),
		...(description?.subscription?.fields ?? []),
		...choiceOf('mode', 'Mode', 'How to receive.', modes),
	].map(reserve('subscription'));
	const verbs = word?.verb === undefined ? choiceOf('verb', 'Verb', 'How to send.', description?.verbs ?? []) : [];
	// Only what makes sense in a file: the URL's own scheme decides about TLS.
	const profile = (description?.profile ?? []).flatMap((group) => [...group.fields]);
	switch (action) {
		case 'receive':
			return [connection, host, ...subscription];
		case 'conversation':
			return [
				connection,
				...message,
				...verbs.map(reserve('verb')),
				...profile
					.filter(({ key }) => key === 'subprotocols' || key === 'origin')
					.map(reserve('profile'))
					.map(named('subprotocols', 'Sec-WebSocket-Protocol')),
			];
		case 'mqtt':
			return [
				...topics,
				...message,
				...profile
					.filter(({ key }) => ['username', 'clientId', 'keepalive', 'cleanStart', 'mqttVersion'].includes(key))
					.map(reserve('profile')),
				{
					name: 'Password',
					aliases: [],
					help: 'Better kept in a connection.',
					sets: { what: 'secret', key: 'password' },
				},
			];
		default:
			return [connection, host, ...message, ...verbs.map(reserve('verb'))];
	}
}

/** Which of several: nothing to choose, no header. */
function choiceOf(key: string, label: string, help: string, list: readonly { id: string; label: string }[]): Field[] {
	const [first, second] = list;
	if (!first || !second) return [];
	return [
		{
			key,
			label,
			help,
			type: 'choice',
			default: first.id,
			choices: list.map(({ id, label: name }) => ({ value: id, label: name })),
		},
	];
}

const named =
	(key: string, name: string) =>
	(reserved: Reserved): Reserved =>
		'field' in reserved.sets && reserved.sets.field.key === key ? { ...reserved, name } : reserved;

const byPlainName = new WeakMap<readonly Reserved[], Map<string, Reserved>>();

export function findReserved(name: string, list: readonly Reserved[]): Reserved | undefined {
	let known = byPlainName.get(list);
	if (!known) {
		known = new Map();
		// The first of a name counts.
		for (const one of list.toReversed()) for (const each of [one.name, ...one.aliases]) known.set(plain(each), one);
		byPlainName.set(list, known);
	}
	return known.get(plain(name));
}

/** A header's text as the field's value. Nothing is guessed: "no" is not false. */
export function fieldValue(field: Field, text: string): { value: FieldValue } | { problem: string } {
	switch (field.type) {
		case 'number': {
			const value = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
			if (Number.isNaN(value)) return { problem: `${field.label} is a number, and "${text}" is none.` };
			if (field.integer && !Number.isInteger(value)) return { problem: `${field.label} is a whole number.` };
			if (value < field.min || value > field.max)
				return { problem: `${field.label} is a number from ${field.min} to ${field.max}.` };
			return { value };
		}
		case 'boolean': {
			const lower = text.toLowerCase();
			if (lower !== 'true' && lower !== 'false') return { problem: `${field.label} is true or false, not "${text}".` };
			return { value: lower === 'true' };
		}
		case 'choice': {
			const choice = field.choices.find(({ value }) => String(value).toLowerCase() === text.toLowerCase());
			const all = field.choices.map(({ value }) => value).join(', ');
			return choice ? { value: choice.value } : { problem: `${field.label} is one of ${all}, not "${text}".` };
		}
		case 'list':
			return {
				value: text
					.split(',')
					.map((one) => one.trim())
					.filter((one) => one !== ''),
			};
		case 'pairs':
			return { problem: `${field.label} are written as headers of their own.` };
		default:
			return { value: text };
	}
}

/** What can stand as the value, for completion and quick fixes. */
export function valueSuggestions(field: Field): { text: string; help: string }[] {
	if (field.type === 'boolean') return ['true', 'false'].map((text) => ({ text, help: '' }));
	if (field.type === 'choice') return field.choices.map(({ value, label }) => ({ text: String(value), help: label }));
	if (field.type === 'text') return (field.suggest ?? []).map((text) => ({ text, help: '' }));
	return 'default' in field && field.default !== undefined && field.type === 'number'
		? [{ text: String(field.default), help: 'default' }]
		: [];
}
