import assert from 'node:assert/strict';
import test from 'node:test';
import { SaxesParser } from 'saxes';
import { createReader } from '../../../../src/protocols/xmpp/wire/reader';
import type { Element } from '../../../../src/protocols/xmpp/wire/xml';

const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

/** Reproducible, so that a failing seed can be run again. */
function random(seed: number): (below: number) => number {
	let state = seed * 2654435761 + 1;
	return (below) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state >>> 8) % below;
	};
}

const seeds = [
	"<message from='a@b/c' to=\"x\" id='1' type='chat'><body>hej 😀</body></message>",
	'<presence/>',
	"<iq type='get' id='2' xml:lang='en'><query xmlns='urn:x'><item  a='1' /><item/></query></iq>",
	'<a>&lt;&#x1F600;<![CDATA[x]]></a>',
	"<stream:features><x xmlns='y' xmlns:z='w'><z:q z:r='1'/></x></stream:features>",
	'<message><body>a\tb\r\nc</body>\n </message>',
	'  <b.c-d_e\n f="g>h"/>',
];
const scraps = [
	'<',
	'>',
	'/',
	'&',
	"'",
	'"',
	' ',
	'=',
	'a',
	'</a>',
	'<b>',
	'<b/>',
	']]>',
	'&amp;',
	'<!--',
	'\u0000',
	'xmlns=',
	':',
	"a='1' ",
	'😀',
];

function stream(seed: number): string {
	const next = random(seed);
	let text = header;
	for (let at = next(6); at >= 0; at--) text += seeds[next(seeds.length)];
	for (let at = next(3); at > 0; at--) {
		const place = header.length + next(text.length - header.length);
		text = text.slice(0, place) + scraps[next(scraps.length)] + text.slice(place + next(3));
	}
	// A decoder never returns half a character.
	return Buffer.from(text).toString();
}

/** An element without prototypes, for comparison. */
const plain = ({ name, ns, attributes, children, text }: Element): unknown => [
	name,
	ns,
	{ ...attributes },
	text,
	children.map(plain),
];

/** The text read in one piece by saxes alone. */
function reference(text: string): { found: unknown[]; fault: boolean } {
	const parser = new SaxesParser({ xmlns: true, position: false });
	const found: unknown[] = [];
	const stack: { element: Element & { children: Element[] } }[] = [];
	const stop = () => {
		throw new Error('refused');
	};
	for (const name of ['error', 'comment', 'processinginstruction', 'doctype'] as const) parser.on(name, stop);
	parser.on('opentag', ({ local, uri, attributes }) => {
		const values = Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]));
		stack.push({ element: { name: local, ns: uri, attributes: values, children: [], text: '' } });
	});
	const more = (text: string) => {
		const top = stack.at(-1);
		if (stack.length > 1 && top) top.element.text += text;
		else if (/[^ \t\r\n]/.test(text)) stop();
	};
	parser.on('text', more);
	parser.on('cdata', more);
	parser.on('closetag', () => {
		const { element } = stack.pop() ?? {};
		if (!element) return;
		if (stack.length > 1) stack.at(-1)?.element.children.push(element);
		else if (stack.length === 1) found.push(plain(element));
	});
	try {
		parser.write(text);
		return { found, fault: false };
	} catch {
		return { found, fault: true };
	}
}

function readInPieces(
	text: string,
	next: (below: number) => number,
): { found: unknown[]; fault: boolean; sources: string[] } {
	const found: unknown[] = [];
	const sources: string[] = [];
	const element = (one: Element, source: string) => {
		found.push(plain(one));
		sources.push(source);
	};
	const reader = createReader({ level: 1, limit: 100_000, element });
	try {
		for (let at = 0; at < text.length; ) {
			let length = 1 + next(next(2) ? 5 : 200);
			if (/[\ud800-\udbff]/.test(text[at + length - 1] ?? '')) length++;
			reader.write(text.slice(at, at + length));
			at += length;
		}
		return { found, fault: false, sources };
	} catch {
		return { found, fault: true, sources };
	}
}

test('5,000 streams, valid and broken, cut anywhere, are read as one parser reads them in one piece', () => {
	let faults = 0;
	for (let seed = 0; seed < 5000; seed++) {
		const text = stream(seed);
		const wanted = reference(text);
		const got = readInPieces(text, random(seed + 1));
		const where = `seed ${seed}: ${JSON.stringify(text.slice(header.length))}`;
		assert.deepEqual(got.found, wanted.found, where);
		// An incomplete tag at the end may still turn out to be invalid.
		if (got.fault) assert.ok(wanted.fault, where);
		else if (wanted.fault) {
			faults--;
			assert.ok(
				readInPieces(`${text}>>>`, random(seed + 2)).fault || text.lastIndexOf('<') > text.lastIndexOf('>'),
				where,
			);
		}
		if (wanted.fault) faults++;
		// Sources are exact, with nothing but space between them.
		let end = header.length;
		for (const source of got.sources) {
			const start = text.indexOf(source, end);
			assert.match(start < 0 ? 'not there' : text.slice(end, start), /^[ \t\r\n]*$/, where);
			end = start + source.length;
		}
	}
	assert.ok(faults > 500, `${faults} of them were broken`);
});
