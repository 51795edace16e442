import { shownUrl } from '../../model/profile/shown-url';
import { parseDuration } from '../../model/text/duration';
import { oneEditAway } from '../../model/text/nearest';
import { unknownConnection } from '../failures';
import { hasVariable, literalOf, type MessageFile, type Metadata, type Token } from '../syntax/ast';
import { parseRate } from '../syntax/rate';
import { foreignMetadata, type MetadataWord, metadataWord, metadataWords } from '../syntax/words';
import { change, type Report } from './context';

const names = metadataWords.map(({ name }) => name);

/** Reports unknown names, values that do not fit, repeated names of requests, and connections that do not exist. */
export function checkMetadata(file: MessageFile, connections: readonly string[] | undefined, report: Report): void {
	const requests = new Set<string>();
	for (const section of file.sections) {
		for (const item of section.metadata) {
			const word = metadataWord(item.name.text);
			if (!word) checkUnknown(item, report);
			else if (word.value !== 'none') checkValue(item, word.value, connections, report);
			if (word?.name !== 'name' || !item.value || !section.request) continue;
			const { text } = item.value;
			if (requests.has(text))
				report({ code: 'duplicate-name', message: `Another request is already named "${text}".` }, item.value);
			requests.add(text);
		}
	}
}

function checkUnknown({ name }: Metadata, report: Report): void {
	const meant = oneEditAway(name.text, names);
	if (meant) {
		const message = `Unknown metadata "@${name.text}". Did you mean "@${meant}"?`;
		report({ code: 'misspelt-metadata', message }, name, { severity: 'warning', fixes: change(name, meant) });
	} else if (!foreignMetadata.includes(name.text)) {
		const message = `Unknown metadata "@${name.text}", which is ignored.`;
		report({ code: 'unknown-metadata', message }, name, { severity: 'hint' });
	}
}

/** Values that match a pattern, and the sentence for those that do not. */
const patterns: Partial<Record<MetadataWord['value'], [RegExp, string]>> = {
	count: [/^[1-9]\d{0,8}$/, 'Enter a whole number above 0.'],
	number: [/^\d{1,9}$/, 'Enter a whole number.'],
	loop: [/^for\s+[1-9]\d{0,8}$/, 'Write "# @loop for 10".'],
	body: [/^(?:hex|base64)$/i, 'Enter hex or base64.'],
	clients: [/^(?:[1-9]\d{0,2}|1000)$/, 'Enter a number of clients from 1 to 1,000.'],
	name: [/^[^\s.[\]{}$]+$/, 'A name cannot have spaces, dots, brackets, braces or "$".'],
};

function checkValue(
	{ name, value }: Metadata,
	kind: MetadataWord['value'],
	connections: readonly string[] | undefined,
	report: Report,
): void {
	if (!value) {
		report({ code: 'missing-value', message: `"@${name.text}" needs a value.` }, name);
		return;
	}
	const text = literalOf(value);
	const [pattern, message = ''] = patterns[kind] ?? [];
	if (pattern && !pattern.test(text)) report({ code: 'bad-value', message }, value);
	if (kind === 'duration') checkDuration(value, report);
	if (kind === 'rate') checkRate(value, report);
	if (kind !== 'connection' || hasVariable(value) || !connections || connections.includes(text)) return;
	const fixes = change(value, oneEditAway(text, connections));
	report(unknownConnection(shownUrl(text)), value, { severity: 'warning', fixes });
}

function checkDuration(value: Token, report: Report): void {
	const duration = parseDuration(literalOf(value));
	if ('ms' in duration) return;
	const { bare, problem } = duration;
	if (bare === undefined) report({ code: 'bad-value', message: problem }, value);
	else report({ code: 'no-unit', message: problem }, value, { fixes: change(value, `${bare}s`, `${bare}ms`) });
}

function checkRate(value: Token, report: Report): void {
	const rate = parseRate(literalOf(value));
	if ('perSecond' in rate) return;
	const { bare, problem } = rate;
	if (bare === undefined) report({ code: 'bad-value', message: problem }, value);
	else report({ code: 'no-unit', message: problem }, value, { fixes: change(value, `${bare}/s`, `${bare}/min`) });
}
