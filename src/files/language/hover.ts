import { toFailure } from '../../base/failure';
import { shortened } from '../../model/text/text';
import type { CheckContext } from '../check/context';
import { descriptionOf } from '../run/connections/request-connection';
import type { MessageFile, Range } from '../syntax/ast';
import { whatHelp } from '../syntax/expectation/parse';
import { streamWords } from '../syntax/expectation/stream';
import { answerName, messageName, referenceOf } from '../syntax/names';
import { isReply, metadataWord, verbOf } from '../syntax/words';
import { builtinOf } from '../values/builtins';
import { findReserved, type Reserved, reservedFor } from '../values/headers';
import { type Scope, valueFor } from '../values/variables';
import { type Place, placeAt } from './place';

export interface Hover {
	range: Range;
	/** Plain text; the editor escapes it. */
	text: string;
}

/** Describes the part of the file at an offset. Never shows the value of a secret. */
export function hover(
	file: MessageFile,
	offset: number,
	scope: Scope,
	describe: CheckContext['describe'],
): Hover | undefined {
	const place = placeAt(file, offset);
	switch (place?.kind) {
		case 'placeholder':
			return { range: place.placeholder, text: textOf(place.placeholder.content.text.trim(), place, scope) };
		case 'variable':
			return {
				range: place.variable.name,
				text: placeholderText(
					place.variable.name.text,
					{ start: place.variable.end + 1, end: place.variable.end + 1 },
					scope,
				),
			};
		case 'metadata': {
			const word = metadataWord(place.metadata.name.text);
			return word && { range: place.metadata.name, text: `@${word.name}: ${word.help}` };
		}
		case 'verb': {
			if (isReply(place.request))
				return { range: place.request.verb, text: 'reply: Answers the message in the way of its protocol.' };
			const word = verbOf(place.request.verb.text);
			return word && { range: place.request.verb, text: `${word.name}: ${word.help}` };
		}
		case 'header-name': {
			const description = descriptionOf(file, place.section, describe);
			const found = findReserved(place.header.name.text, reservedFor(place.request.verb.text, description));
			const own = 'A header of the message, sent as it is.';
			return { range: place.header.name, text: found ? headerText(found) : own };
		}
		case 'expectation': {
			const { whatText, what } = place.expectation;
			if (what.kind === 'stream')
				return { range: place.range, text: `${whatText}: ${streamWords[what.no]} ${whatHelp.stream}` };
			return { range: place.range, text: `${whatText}: ${whatHelp[what.kind]}` };
		}
		default:
			return undefined;
	}
}

/** A placeholder in words; in a rule, the message and the answer have no value yet. */
function textOf(content: string, { placeholder }: Extract<Place, { kind: 'placeholder' }>, scope: Scope): string {
	const reference = referenceOf(content);
	if (reference?.request === messageName) return `${content}: of the message that the rule processes.`;
	if (reference?.request === answerName) return `${content}: of the answer to the step before.`;
	return placeholderText(content, placeholder, scope);
}

/** The help of a header, which may be no more than its name, with the values to choose from. */
function headerText({ name, help, sets }: Reserved): string {
	const choices = 'field' in sets && sets.field.type === 'choice' ? sets.field.choices : [];
	const listed = choices.map(({ value, label, help: more }) => {
		const shown = label.startsWith(String(value)) ? label : `${value} – ${label}`;
		return more ? `${shown}. ${more}` : shown;
	});
	const isBytes = 'field' in sets && sets.field.type === 'bytes';
	const notation = isBytes
		? [`Text, or "< path" for the bytes of a file. "${name}-format: hex" below it selects another notation.`]
		: [];
	return [help === name ? name : `${name}: ${help}`, ...listed, ...notation].join('\n');
}

function placeholderText(content: string, place: Range, scope: Scope): string {
	const builtin = builtinOf(content)?.builtin;
	if (builtin?.fresh)
		return `${`$${builtin.name} ${builtin.arguments}`.trim()}: ${builtin.help} A new value each time.`;
	// A hover must not add to the hidden values of a run, but must not show a hidden value either.
	const hidden = new Set<string>();
	try {
		const value = valueFor(content, { ...scope, hidden }, place);
		if (builtin?.secret || hidden.size > 0) return `${content}: a secret, ${value === '' ? 'empty' : 'not shown'}.`;
		return `${content} = ${shortened(value, 500)}`;
	} catch (error) {
		return toFailure(error).message;
	}
}
