import { shownUrl } from '../../model/profile/shown-url';
import { oneEditAway } from '../../model/text/edit-distance';
import { hasVariable, literalOf, type MessageFile, type Metadata } from '../syntax/ast';
import { parseDuration } from '../syntax/duration';
import { foreignMetadata, metadataWord, metadataWords } from '../syntax/words';
import type { Report } from './context';

const names = metadataWords.map(({ name }) => name);

/** Unknown names, values that do not fit, names that are taken, connections that are not there. */
export function checkMetadata(file: MessageFile, connections: readonly string[] | undefined, report: Report): void {
	const taken = new Set<string>();
	for (const section of file.sections) {
		for (const item of section.metadata) {
			const word = metadataWord(item.name.text);
			if (!word) checkUnknown(item, report);
			else checkValue(item, word.value, connections, report);
			if (word?.name !== 'name' || !item.value || !section.request) continue;
			if (taken.has(item.value.text))
				report('duplicate-name', item.value, `Another request is named "${item.value.text}" already.`);
			taken.add(item.value.text);
		}
	}
}

function checkUnknown({ name }: Metadata, report: Report): void {
	const meant = oneEditAway(name.text, names);
	if (meant)
		report('misspelt-metadata', name, `"@${name.text}" is not known. Did you mean "@${meant}"?`, {
			severity: 'warning',
			fixes: [{ title: `Change to @${meant}`, range: name, text: meant }],
		});
	else if (!foreignMetadata.includes(name.text))
		report('unknown-metadata', name, `"@${name.text}" is not known and changes nothing.`, { severity: 'hint' });
}

function checkValue(item: Metadata, kind: string, connections: readonly string[] | undefined, report: Report): void {
	const { name, value } = item;
	const text = value ? literalOf(value) : '';
	const place = value ?? name;
	if (kind === 'none') return;
	if (!value) {
		report('missing-value', name, `"@${name.text}" needs a value.`);
		return;
	}
	if (hasVariable(value) && kind === 'connection') return;
	switch (kind) {
		case 'count':
			if (!/^[1-9]\d{0,8}$/.test(text)) report('bad-value', place, `"@${name.text}" takes a whole number above 0.`);
			return;
		case 'duration': {
			const duration = parseDuration(text);
			if ('ms' in duration) return;
			const fixes = ['s', 'ms'].map((unit) => ({
				title: `Change to ${duration.bare}${unit}`,
				range: place,
				text: `${duration.bare}${unit}`,
			}));
			report(duration.bare === undefined ? 'bad-value' : 'no-unit', place, duration.problem, {
				fixes: duration.bare === undefined ? [] : fixes,
			});
			return;
		}
		case 'loop':
			if (!/^for\s+[1-9]\d{0,8}$/.test(text)) report('bad-value', place, '"@loop" is written as "# @loop for 10".');
			return;
		case 'body':
			if (!/^(?:hex|base64)$/i.test(text)) report('bad-value', place, '"@body" is hex or base64.');
			return;
		case 'name':
			if (!/^[^\s.[\]{}$]+$/.test(text))
				report('bad-value', place, 'A name has no spaces, dots, brackets, braces or "$".');
			return;
		case 'connection':
			if (connections && !connections.includes(text)) {
				const meant = oneEditAway(text, connections);
				report('unknown-connection', place, `There is no connection "${shownUrl(text)}".`, {
					severity: 'warning',
					fixes: meant ? [{ title: `Change to ${meant}`, range: place, text: meant }] : [],
				});
			}
	}
}
