import assert from 'node:assert/strict';
import test from 'node:test';
import { decodePayload } from '../../../../src/engine/decode/decode';
import { fittingDecodings } from '../../../../src/engine/decode/fits';

const decode = (text: string, most = 1_000_000) => decodePayload(Buffer.from(text), 'xml', most);

const layouts: [string, string, string][] = [
	['an element', '<a/>', '<a/>'],
	['text stays beside its tags', '<a>x y</a>', '<a>x y</a>'],
	['space in an element without elements is content', '<a>  </a>', '<a>  </a>'],
	['elements get lines', "<a><b c='1'/><d>t</d></a>", "<a>\n  <b c='1'/>\n  <d>t</d>\n</a>"],
	['space between elements is replaced', '<a>\n\n <b/> </a>', '<a>\n  <b/>\n</a>'],
	['text among elements stays', '<p>one <b>two</b> three<i/></p>', '<p>one <b>two</b> three<i/></p>'],
	['what follows such text is laid out', '<a><p>x<b/></p><c/></a>', '<a>\n  <p>x<b/></p>\n  <c/>\n</a>'],
	['a bracket in quotes', `<a b=">"><c d='/a>"'/></a>`, `<a b=">">\n  <c d='/a>"'/>\n</a>`],
	['a section of text', '<a><![CDATA[<b>]]></a>', '<a><![CDATA[<b>]]></a>'],
	['a declaration and a comment', '<?xml version="1.0"?><!-- > --><a/>', '<?xml version="1.0"?>\n<!-- > -->\n<a/>'],
	['characters of four bytes', '<a>😀</a>', '<a>😀</a>'],
];
for (const [name, source, wanted] of layouts)
	test(`XML is laid out: ${name}`, () =>
		assert.deepEqual(decode(source), {
			text: wanted,
			language: 'xml',
			shownBytes: Buffer.byteLength(source),
			totalBytes: Buffer.byteLength(source),
		}));

const faults: [string, RegExp][] = [
	['<a><b></a>', /line 1, column 10: unexpected close tag/],
	['<a>\n<b>&x;</b></a>', /line 2, column 6: undefined entity/],
	['<a', /must contain a root element/],
	['<a><!-- ', /unclosed tag|unexpected end/],
	['text', /text data outside/],
];
for (const [source, wanted] of faults)
	test(`the place of a fault is told, and nothing is lost: ${source}`, () => {
		const { text, problem } = decode(source);
		assert.match(problem ?? '', wanted);
		assert.equal(text.replace(/\s/g, ''), source.replace(/\s/g, ''));
	});

test('a payload that is shown in part is not called malformed', () => {
	assert.equal(decode('<a><b>text</b></a>', 10).problem, undefined);
});

test('what looks like XML is offered as XML first', () => {
	const offers = (text: string, type?: string) => fittingDecodings(Buffer.from(text), type)[0];
	assert.equal(offers("<message to='x'><body>hej</body></message>", 'application/xml'), 'xml');
	assert.equal(offers('<a/>'), 'xml');
	assert.equal(offers('<a>'), 'text');
	assert.equal(offers('< a>'), 'text');
	assert.equal(offers('not xml', 'application/xml'), 'text');
});

for (const [name, source] of [
	['comments without end', `<a>${'<!--'.repeat(500_000)}`],
	['a million levels', '<a>'.repeat(1_000_000)],
	['quotes without end', `<a b='${'<a b="'.repeat(300_000)}`],
	['a million closing tags', '</a>'.repeat(1_000_000)],
])
	test(`nothing takes long or throws: ${name}`, () => {
		const { text } = decode(source ?? '', 16_000_000);
		assert.ok(text.length >= 1);
	});
