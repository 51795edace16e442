import { bytesValue } from '../../../model/profile/bytes-value';
import type { BytesValue, Field, FieldValue, Values } from '../../../model/profile/field';
import type { Secrets } from '../../../model/profile/profile';
import type { ProtocolDescription, Verb } from '../../../protocols/description';
import { headerWithoutEffect, noHeaders, placed } from '../../failures';
import { type Header, mayBeOption } from '../../syntax/ast';
import type { VerbWord } from '../../syntax/words';
import type { Surroundings } from '../../values/builtins';
import {
	type BytesField,
	type BytesHeader,
	createBytesHeaders,
	headerFile,
	writtenBytes,
} from '../../values/bytes-headers';
import { fieldValue, findReserved, reservedFor } from '../../values/headers';
import { ownHeadersField, receivingMode } from '../../values/sending-verb';
import type { Scope } from '../../values/variables';
import { type Body, type BodyContext, readFileAt } from './body';

/** A header with its variables replaced. */
export interface Replaced {
	header: Header;
	name: string;
	value: string;
	/** The name may be that of an option; otherwise it is a header of the message. */
	option: boolean;
}

export const replacedHeader = (header: Header, name: string, value: string): Replaced => ({
	...{ header, name, value },
	option: mayBeOption(header),
});

/** The value of an option of the request itself. `name` in lowercase. */
export const optionNamed = (name: string, headers: readonly Replaced[]): string | undefined =>
	headers.findLast((one) => one.option && one.name.toLowerCase() === name)?.value;

/**
 * The headers of a request, whose values may sign the body of the message. The headers of a handshake have none. `replace`:
 * replaces the variables of all headers.
 */
export function signedHeaders({ action }: VerbWord, scope: Scope, replace: (scope: Scope) => Replaced[]) {
	const signs = action !== 'receive' && action !== 'conversation';
	const signed = {
		/** Whether a value has looked at the body, so that each message has headers of its own. */
		used: false,
		of(body: Body | undefined): Replaced[] {
			const around: Surroundings = {
				...scope.around,
				get body() {
					signed.used = true;
					return signs ? (body?.bytes ?? new Uint8Array()) : undefined;
				},
			};
			return replace({ ...scope, around });
		},
	};
	return signed;
}

/** The request's headers by what they belong to. */
export interface Sorted {
	profile: Values;
	secrets: Secrets;
	message: Values;
	subscription: Values;
}

export interface Wanted {
	word: VerbWord;
	/** The verb as it is written. */
	text: string;
	target: string;
	headers: Replaced[];
	/** The targets that a form names. */
	targets?: Targets;
}

export interface Targets {
	publish: string[];
	subscribe: string[];
}

/** Sorts headers, and reads the files that they name. Throws a PlacedFailure. */
export async function sortHeaders(
	wanted: Wanted,
	description: ProtocolDescription,
	verb: Verb | undefined,
	context: BodyContext,
): Promise<Sorted> {
	const { sorted, bytes } = sortTexts(wanted, description, verb);
	for (const one of bytes) {
		const values: BytesValue[] = [];
		for (const header of one.headers) {
			const { value } = header.place;
			const path = fileOf(header.place);
			if (path === undefined) values.push(writtenValue(one.field, header));
			else {
				const named = { start: value.end - path.length, end: value.end, text: path };
				values.push(bytesValue(await readFileAt(named, value, context)));
			}
		}
		setBytes(sorted, one, values);
	}
	return sorted;
}

/** Sorts headers that name no file. Throws a PlacedFailure. */
export function sortWritten(wanted: Wanted, description: ProtocolDescription, verb: Verb | undefined): Sorted {
	const { sorted, bytes } = sortTexts(wanted, description, verb);
	for (const one of bytes)
		setBytes(
			sorted,
			one,
			one.headers.map((header) => writtenValue(one.field, header)),
		);
	return sorted;
}

/** The path of the file with the value of a header. The text of the file decides: a variable's value must not name a file. */
export const fileOf = ({ value }: Header): string | undefined =>
	value.literal === undefined ? headerFile(value.text) : undefined;

function sortTexts(
	{ word, text, target, headers }: Wanted,
	description: ProtocolDescription,
	verb: Verb | undefined,
): { sorted: Sorted; bytes: BytesField<Header>[] } {
	const reserved = reservedFor(text, description, verb?.id);
	const sorted: Sorted = { profile: {}, secrets: {}, message: {}, subscription: {} };
	const bytes = createBytesHeaders<Header>();
	const own: [string, string][] = [];
	for (const { header, name, value, option } of headers) {
		const found = option ? findReserved(name, reserved) : undefined;
		if (!found) {
			own.push([name, value]);
			continue;
		}
		const { sets } = found;
		if (sets.what === 'secret') sorted.secrets[sets.key] = value;
		else if ('field' in sets) {
			// A quoted text is a single item, even if it contains commas.
			const isItem = sets.field.type === 'list' && header.value.literal !== undefined;
			const converted = isItem ? { value: [value] } : fieldValue(sets.field, value);
			if ('problem' in converted) throw placed({ code: 'bad-value', message: converted.problem }, header.value);
			if (bytes.take(sets, value, header) || sets.what === 'verb' || sets.what === 'notation') continue;
			const place = sorted[sets.what];
			place[sets.field.key] = appended(place[sets.field.key], converted.value, sets.field);
			// A form has one header for an option that the message and the subscription both have, such as QoS.
			const both = word.form && description.subscription?.fields.some(({ key }) => key === sets.field.key);
			if (both) sorted.subscription[sets.field.key] = converted.value;
		}
	}
	const result = { sorted, bytes: bytes.fields };
	const [first] = own;
	if (!first) return result;
	const place = headers.find(({ name }) => name === first[0])?.header ?? { start: 0, end: 0 };
	if (word.action === 'receive') {
		const { mode } = sorted.subscription;
		const way = receivingMode(text, description, target, typeof mode === 'string' ? mode : undefined);
		const field = ownHeadersField(description, way);
		if (!field) throw placed(headerWithoutEffect(word.name, first[0]), place);
		sorted.subscription[field.key] = own;
		return result;
	}
	const ofProfile = word.profile?.headers;
	const pairs = ofProfile ?? verb?.fields.find(({ type }) => type === 'pairs')?.key;
	if (!pairs) throw placed(noHeaders(description.label), place);
	sorted[ofProfile === undefined ? 'message' : 'profile'][pairs] = own;
	return result;
}

/** Joins the items of a list that is written in several headers. */
function appended(before: FieldValue | undefined, value: FieldValue, field: Field): FieldValue {
	const isMany = field.type === 'list' || field.type === 'pairs';
	return isMany && Array.isArray(before) && Array.isArray(value) ? ([...before, ...value] as FieldValue) : value;
}

function writtenValue({ label }: Field, { place, ...written }: BytesHeader<Header>): BytesValue {
	const converted = writtenBytes(written);
	if ('value' in converted) return converted.value;
	throw placed({ code: 'bad-value', message: `${label}: ${converted.problem}` }, place.value);
}

function setBytes(sorted: Sorted, { field, holder }: BytesField<Header>, values: BytesValue[]): void {
	if (holder !== 'verb') sorted[holder][field.key] = field.many ? values : (values[0] as BytesValue);
}
