import type { Outline } from '../../model/outline';
import { formatName } from '../../protocols/coap/formats';
import { readLinks } from '../../protocols/coap/links';

/** Lays out links of the CoRE link format (RFC 6690), each with its attributes. Returns what is wrong with the rest. */
export function layLinks(text: string, outline: Outline): string | undefined {
	const { links, problem } = readLinks(text);
	for (const { href, attributes } of links) {
		outline.open('list', `<${href}>`);
		for (const [name, value] of attributes)
			outline.leaf(value === undefined ? name : `${name} = ${inWords(name, value)}`);
		outline.close('');
	}
	return problem;
}

function inWords(name: string, value: string): string {
	if (name !== 'ct') return JSON.stringify(value);
	const names = value.split(/\s+/).map((number) => formatName(Number(number)) ?? 'not registered');
	return `${JSON.stringify(value)} (${names.join(', ')})`;
}
