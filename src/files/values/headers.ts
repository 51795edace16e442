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
		/** Consumed by the rewrite of another tool's form. */
		| { what: 'form'; key: string };
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

/** "Content-Type", "content_type" and "contentType" are one name. */
export function plain(name: string): string {
	return name.toLowerCase().replace(/[-_]/g, '');
}

function shown(field: Field): string {
	if (plain(field.label) === plain(field.key)) return field.label;
	const words = field.key.replace(/([a-z])([A-Z])/g, '$1-$2').split(/[-.]/);
	return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('-');
}

type Holder = 'message' | 'subscription' | 'profile' | 'verb';

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
	const aliases = description?.files?.aliases ?? {};
	const reserve = (what: Holder, fields: readonly Field[]) =>
		fields.map(
			(field): Reserved => ({
				name: shown(field),
				aliases: aliases[field.key] ?? [],
				help: field.help ?? field.label,
				sets: { what, field },
			}),
		);
	const sendVerb = word && description && sendingVerb(word, verb, description, { given });
	const message = reserve(
		'message',
		(sendVerb?.fields ?? []).filter(({ type }) => type !== 'pairs'),
	);
	const modes = description?.subscription?.modes ?? [];
	const subscription = [
		...modes.flatMap(({ fields = [] }) => fields),
		...(description?.subscription?.fields ?? []),
		...choiceOf('mode', 'Mode', 'How to receive.', modes),
	];
	const verbs = word?.verb === undefined ? choiceOf('verb', 'Verb', 'How to send.', description?.verbs ?? []) : [];
	const { fields = [], names = {}, secrets = [] } = word?.profile ?? {};
	const profile = (description?.profile ?? []).flatMap((group) =>
		group.fields.filter(({ key }) => fields.includes(key)),
	);
	if (action === 'receive') return [connection, host, ...reserve('subscription', subscription)];
	return [
		...(word?.form?.headers ?? []).map(({ name, help }): Reserved => {
			return { name, aliases: [], help, sets: { what: 'form', key: name } };
		}),
		...(word?.url?.required ? [] : [connection]),
		...(word?.url ? [] : [host]),
		...message,
		...(word?.url?.required ? [] : reserve('verb', verbs)),
		...reserve('profile', profile).map((one) => {
			const key = 'field' in one.sets ? one.sets.field.key : '';
			return { ...one, name: names[key] ?? one.name };
		}),
		...secrets.map(({ name, key, help }): Reserved => ({ name, aliases: [], help, sets: { what: 'secret', key } })),
	];
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
