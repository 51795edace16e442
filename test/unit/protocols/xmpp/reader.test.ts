import assert from 'node:assert/strict';
import { constants } from 'node:buffer';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { createReader } from '../../../../src/protocols/xmpp/wire/reader';
import { namespaces } from '../../../../src/protocols/xmpp/wire/xml';
import { bytewise, splits } from '../../../support/hostile/cut';

const header =
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
const stanzas = [
	"<message to='bob@example.org' id='1'><body>a😀b𝄞c &amp; &#x1F600; ü</body></message>",
	'<presence/>',
	`<iq type="result"  id='&lt;2'
	><query xmlns='jabber:iq:roster'/></iq >`,
	'<stream:features><x xmlns="y"><![CDATA[<&]]></x></stream:features>',
	'<message>\r\n<body>\u{10ffff}\ufeff</body></message>',
];
const between = ['', ' ', '\r\n \t', '', ' '];
const whole = Buffer.from(`${header + stanzas.map((stanza, at) => between[at] + stanza).join('')} </stream:stream>`);

/** Reads like a pipe: bytes cut anywhere, decoded to whole characters. */
function read(chunks: readonly Buffer[], limit = 10_000) {
	const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
	const sources: string[] = [];
	const texts: string[] = [];
	let ends = 0;
	const reader = createReader({
		level: 1,
		limit,
		root: (element) => assert.equal(element.ns, namespaces.stream),
		element(element, source) {
			sources.push(source);
			texts.push(element.children[0]?.text ?? '');
		},
		end: () => ends++,
	});
	for (const chunk of chunks) reader.write(decoder.decode(chunk, { stream: true }));
	return { sources, texts, ends };
}

test('every stanza is kept as it came, however the stream is cut: at each byte, and byte by byte', () => {
	const wanted = { sources: stanzas, ends: 1 };
	const cuts = [...splits([whole]), bytewise([whole])];
	for (const { name, chunks } of cuts) {
		const { sources, ends, texts } = read(chunks);
		assert.deepEqual({ sources, ends }, wanted, name);
		assert.equal(texts[0], 'a😀b𝄞c & 😀 ü', name);
	}
	assert.ok(cuts.length > 400);
});

const code = (run: () => void): string => {
	try {
		run();
	} catch (error) {
		if (error instanceof FailureError) return error.failure.code;
		throw error;
	}
	return 'nothing';
};

const refusals: [string, string, string][] = [
	['a comment', '<!-- x -->', 'restricted-xml'],
	['an instruction', '<?x y?>', 'restricted-xml'],
	['an unknown entity', '<a>&x;</a>', 'not-well-formed'],
	['text between stanzas', 'x<a/>', 'not-well-formed'],
	['129 attributes', `<a ${Array.from({ length: 129 }, (_, at) => `b${at}=''`).join(' ')}/>`, 'message-too-large'],
	['130 levels', '<a>'.repeat(130), 'message-too-large'],
	['50,001 elements', `<a>${'<b/>'.repeat(50_000)}</a>`, 'message-too-large'],
	['a stanza that is too long', `<a>${'b'.repeat(300_000)}`, 'message-too-large'],
	['a start tag that is too long', `<a b='${'c'.repeat(300_000)}`, 'message-too-large'],
];
for (const [name, text, wanted] of refusals)
	test(`is refused: ${name}`, () => {
		assert.equal(
			code(() => read([Buffer.from(header + text)], 250_000)),
			wanted,
		);
	});

test('what is just within the limits is read', () => {
	const many = `<a ${Array.from({ length: 128 }, (_, at) => `b${at}=''`).join(' ')}>${'<b/>'.repeat(49_990)}</a>`;
	assert.deepEqual(read([Buffer.from(header + many)], 250_000).sources, [many]);
	assert.equal(read([Buffer.from(header + '<a/>'.repeat(60_000))], 250_000).sources.length, 60_000);
});

test('space that keeps the connection open is not collected', () => {
	const keepalive = Array.from({ length: 1000 }, () => Buffer.from(' '.repeat(900)));
	assert.deepEqual(read([Buffer.from(header), ...keepalive, Buffer.from('<a/>')], 10_000).sources, ['<a/>']);

	// More than one string can hold, so that it must fail if the parser keeps it.
	const space = ' '.repeat(2 ** 22);
	const sources: string[] = [];
	const reader = createReader({ level: 1, limit: 2 ** 23, element: (_, source) => sources.push(source) });
	reader.write(header);
	for (let written = 0; written < constants.MAX_STRING_LENGTH; written += space.length) reader.write(space);
	reader.write('<a/>');
	assert.deepEqual(sources, ['<a/>']);
});
