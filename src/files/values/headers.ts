import { payloadFormats } from '../../model/contracts/payload';
import type { Field, FieldValue } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import type { Action } from '../syntax/words';
import { verbOf } from '../syntax/words';
import { sendingVerb } from './sending-verb';

/** A header name that a protocol takes as an option. */
export interface Reserved {
	/** The name in completions: "QoS", "Content-Type". */
	name: string;
	/** Other spellings, beyond case, hyphens and underscores. */
	aliases: readonly string[];
	help: string;
	/** The field that the header sets: of the message, the subscription, or the profile of the request's own connection. */
	sets: /** `verb`: selects one of the protocol's verbs. */
		| { what: 'message' | 'subscription' | 'profile' | 'verb'; field: Field }
		/** The notation of the header that sets the field `of` for bytes. */
		| { what: 'notation'; of: string; field: Field }
		/** Selects the connection, or sets a secret of it. */
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
	help: 'The URL to connect to without a saved connection.',
	sets: { what: 'host', key: 'host' },
};

/** The form in which names are compared: "Content-Type", "content_type" and "contentType" are equal. */
export function plain(name: string): string {
	return name.toLowerCase().replace(/[-_]/g, '');
}

function shown(field: Field): string {
	if (plain(field.label) === plain(field.key)) return field.label;
	const words = field.key.replace(/([a-z])([A-Z])/g, '$1-$2').split(/[-.]/);
	return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('-');
}

export type Holder = 'message' | 'subscription' | 'profile' | 'verb';

const cache = new Map<string, readonly Reserved[]>();

/** The headers that are options of a request with this verb. `description` is undefined while the protocol is unknown. */
export function reservedFor(
	verb: string,
	description: ProtocolDescription | undefined,
	given?: string,
): readonly Reserved[] {
	const key = `${verb.toUpperCase()} ${description?.id} ${given}`;
	const cached = cache.get(key);
	if (cached) return cached;
	const list = [...new Map(create(verb, description, given).map((one) => [plain(one.name), one])).values()];
	cache.set(key, list);
	return list;
}

function create(verb: string, description: ProtocolDescription | undefined, given: string | undefined): Reserved[] {
	const word = verbOf(verb);
	const action: Action = word?.action ?? 'send';
	const aliases = description?.files?.aliases ?? {};
	const reserve = (what: Holder, fields: readonly Field[]) =>
		fields.flatMap((field): Reserved[] => {
			const names = { name: shown(field), aliases: aliases[field.key] ?? [] };
			return [
				{ ...names, help: field.help ?? field.label, sets: { what, field } },
				...(field.type === 'bytes' ? [notationOf(field, names)] : []),
			];
		});
	const sendVerb = word && description && sendingVerb(word, verb, description, { given });
	const fields = sendVerb?.fields ?? [];
	// The first field of pairs takes the headers that are no options; those of the others are written "Footer: name = value".
	const unnamed = fields.find(({ type }) => type === 'pairs');
	const message = reserve(
		'message',
		fields.filter((field) => field !== unnamed),
	);
	const modes = description?.subscription?.modes ?? [];
	const subscription = [
		...modes.flatMap(({ fields = [] }) => fields),
		...(description?.subscription?.fields ?? []),
		...choiceOf('mode', 'Mode', 'How to receive.', modes),
	];
	const verbs = word?.verb === undefined ? choiceOf('verb', 'Verb', 'How to send.', description?.verbs ?? []) : [];
	const { fields: ofProfile = [], names = {}, secrets = [] } = word?.profile ?? {};
	const profile = (description?.profile ?? []).flatMap((group) =>
		group.fields.filter(({ key }) => ofProfile.includes(key)),
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

/** `Key-format` for `Key`. */
function notationOf({ key, label }: Field, { name, aliases }: Pick<Reserved, 'name' | 'aliases'>): Reserved {
	const help = `The notation of ${name}: text unless given. It belongs to the header above it.`;
	const choices = payloadFormats.map((value) => ({ value, label: value }));
	const field: Field = { key: `${key}-format`, label: `${label} format`, type: 'choice', default: 'text', choices };
	return {
		...{ name: `${name}-format`, aliases: aliases.map((one) => `${one}-format`), help },
		sets: { what: 'notation', of: key, field },
	};
}

/** A field that selects one of several. A list with fewer than two needs none. */
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
	let index = byPlainName.get(list);
	if (!index) {
		index = new Map();
		// The first of several with the same name applies.
		for (const one of list.toReversed()) for (const each of [one.name, ...one.aliases]) index.set(plain(each), one);
		byPlainName.set(list, index);
	}
	return index.get(plain(name));
}

/** Converts the text of a header to the value of a field. Strict: "no" is not false. */
export function fieldValue(field: Field, text: string): { value: FieldValue } | { problem: string } {
	switch (field.type) {
		case 'number': {
			const value = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
			if (Number.isNaN(value)) return { problem: `${field.label} must be a number, not "${text}".` };
			if (field.integer && !Number.isInteger(value)) return { problem: `${field.label} must be a whole number.` };
			if (value < field.min || value > field.max)
				return { problem: `${field.label} must be a number from ${field.min} to ${field.max}.` };
			return { value };
		}
		case 'boolean': {
			const lower = text.toLowerCase();
			if (lower !== 'true' && lower !== 'false')
				return { problem: `${field.label} must be true or false, not "${text}".` };
			return { value: lower === 'true' };
		}
		case 'choice': {
			const choice = field.choices.find(({ value }) => String(value).toLowerCase() === text.toLowerCase());
			const all = field.choices.map(({ value }) => value).join(', ');
			return choice ? { value: choice.value } : { problem: `${field.label} must be one of ${all}, not "${text}".` };
		}
		case 'list':
			return {
				value: text
					.split(',')
					.map((one) => one.trim())
					.filter((one) => one !== ''),
			};
		case 'bytes':
			return { value: field.many ? [text] : text };
		case 'pairs': {
			const [, name = '', value = ''] = /^([^=]*?)\s*=\s?(.*)$/s.exec(text) ?? [];
			if (name === '') return { problem: `${field.label}: write name = value, in a header of its own for each.` };
			return { value: [[name, value]] };
		}
		default:
			return { value: text };
	}
}

/** One of the pairs of a field as the value of a header; `fieldValue` reads it. */
export const pairText = ([name, value]: readonly [string, string]): string => `${name} = ${value}`;

/** Suggested values, for completion and quick fixes. */
export function valueSuggestions(field: Field): { text: string; help: string }[] {
	if (field.type === 'boolean') return ['true', 'false'].map((text) => ({ text, help: '' }));
	if (field.type === 'choice') return field.choices.map(({ value, label }) => ({ text: String(value), help: label }));
	if (field.type === 'text') return (field.suggest ?? []).map((text) => ({ text, help: '' }));
	return 'default' in field && field.default !== undefined && field.type === 'number'
		? [{ text: String(field.default), help: 'default' }]
		: [];
}
