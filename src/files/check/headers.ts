import { oneEditAway } from '../../model/text/nearest';
import type { ProtocolDescription } from '../../protocols/description';
import { headerWithoutEffect } from '../failures';
import { type Header, hasVariable, literalOf, mayBeOption, type Request } from '../syntax/ast';
import type { VerbWord } from '../syntax/words';
import { createBytesHeaders, headerFile, writtenBytes } from '../values/bytes-headers';
import { fieldValue, findReserved, plain, type Reserved, reservedFor, valueSuggestions } from '../values/headers';
import { headerOf, ownHeadersField, receivingMode, sendingVerb } from '../values/sending-verb';
import { change, type Report } from './context';

/** Reports misspelt, repeated and useless headers, and values that do not fit their option. */
export function checkHeaders(request: Request, word: VerbWord, description: ProtocolDescription, report: Report): void {
	const { verb } = request;
	const target = literalOf(request.target);
	const sending = sendingVerb(word, verb.text, description, { target, given: headerOf(request, 'verb') });
	const reserved = reservedFor(verb.text, description, sending?.id);
	const mode = receivingMode(verb.text, description, target, headerOf(request, 'mode'));
	const takesHeaders = word.action !== 'receive' || ownHeadersField(description, mode) !== undefined;
	const seen = new Set<string>();
	const bytes = createBytesHeaders<Header>();
	for (const header of request.headers) {
		const { name } = header;
		if (hasVariable(name)) continue;
		const option = mayBeOption(header) ? findReserved(name.text, reserved) : undefined;
		if (option) {
			if (!mayRepeat(option) && seen.has(option.name)) {
				const message = `Duplicate header ${option.name}. The last one is used.`;
				report({ code: 'duplicate-header', message }, name, { severity: 'warning' });
			}
			seen.add(option.name);
			checkOption(header, option, report);
			bytes.take(option.sets, literalOf(header.value), header);
			continue;
		}
		const meant = mayBeOption(header) ? misspelt(name.text, reserved) : undefined;
		if (meant !== undefined) {
			const message = `"${name.text}" is sent as a header of the message. Did you mean "${meant}"?`;
			report({ code: 'misspelt-header', message }, name, { severity: 'warning', fixes: change(name, meant) });
		} else if (!takesHeaders) report(headerWithoutEffect(word.name, literalOf(name)), name);
	}
	checkBytes(bytes, report);
}

const mayRepeat = ({ sets }: Reserved) =>
	sets.what === 'form' ||
	('field' in sets && (sets.field.type === 'list' || (sets.field.type === 'bytes' && sets.field.many === true)));

/** The option that is one edit away from the name, with or without its hyphens. */
function misspelt(name: string, reserved: readonly Reserved[]): string | undefined {
	const names = reserved.flatMap((one) => [one.name, ...one.aliases]);
	const meant = oneEditAway(name, names) ?? oneEditAway(plain(name), names.map(plain));
	return names.find((one) => one === meant || plain(one) === meant);
}

/** Reports texts that are not of their notation, at the character. */
function checkBytes(bytes: ReturnType<typeof createBytesHeaders<Header>>, report: Report): void {
	for (const { headers } of bytes.fields)
		for (const { text, format, place, notation } of headers) {
			const { value } = place;
			const isFile = value.literal === undefined && headerFile(value.text) !== undefined;
			if (notation && isFile) {
				const message = 'The bytes of a file are sent as they are, so this notation has no effect.';
				report({ code: 'useless-notation', message }, notation, { severity: 'warning' });
			}
			if (isFile || hasVariable(value) || (notation && hasVariable(notation.value))) continue;
			const written = writtenBytes({ text, ...(format && { format }) });
			if (!('problem' in written)) continue;
			// An escaped character of a quoted text has no place of its own.
			const start = Math.min(value.start + written.at, value.end - 1);
			const range = value.literal === undefined ? { start, end: start + 1 } : value;
			report({ code: 'bad-value', message: written.problem }, range);
		}
	for (const notation of bytes.unused) {
		const message = `"${notation.name.text}" has no effect: the header whose notation it states is missing.`;
		report({ code: 'useless-notation', message }, notation.name, { severity: 'warning' });
	}
}

function checkOption({ name, value }: Header, { sets }: Reserved, report: Report): void {
	if (!('field' in sets) || hasVariable(value)) return;
	const converted = fieldValue(sets.field, literalOf(value));
	if (!('problem' in converted)) return;
	const isEmpty = value.end === value.start;
	const texts = isEmpty ? [] : valueSuggestions(sets.field).map(({ text }) => text);
	report({ code: 'bad-value', message: converted.problem }, isEmpty ? name : value, { fixes: change(value, ...texts) });
}
