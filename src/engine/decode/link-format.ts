import type { Outline } from '../../model/json/outline';
import { formatName } from '../../model/text/content-formats';
import { type CoreLinks, readLinks } from '../../model/text/link-format';

/** Lays out the links of the CoRE link format (RFC 6690) with their attributes. Returns where reading ended and the problem with the rest. */
export function layLinks(text: string, outline: Outline): Pick<CoreLinks, 'end' | 'problem'> {
	const { attributes, links, end, problem } = readLinks(text);
	const show = ([name, value]: CoreLinks['attributes'][number]) =>
		outline.leaf(value === undefined ? name : `${name} = ${valueText(name, value)}`);
	attributes.forEach(show);
	for (const { href, attributes } of links) {
		outline.open('list', `<${href}>`);
		attributes.forEach(show);
		outline.close('');
	}
	return { end, problem };
}

function valueText(name: string, value: string): string {
	if (name !== 'ct') return JSON.stringify(value);
	const names = value.split(/\s+/).map((number) => formatName(Number(number)) ?? 'not registered');
	return `${JSON.stringify(value)} (${names.join(', ')})`;
}
