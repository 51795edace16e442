import assert from 'node:assert/strict';
import test from 'node:test';
import { watchUnfinished } from '../../../../src/engine/session/unfinished';
import type { UnfinishedMessage } from '../../../../src/model/contracts/session';
import { stateText } from '../../../../src/model/text/words';
import type { Link, Unfinished } from '../../../../src/protocols/adapter';
import { createContents } from '../../../../src/protocols/amqp/wire/contents';
import { createFrameReader } from '../../../../src/protocols/amqp/wire/frames';
import { createGuard } from '../../../../src/protocols/mqtt/wire/guard';
import { followFrames } from '../../../../src/protocols/websocket/wire/frames';
import { createWire } from '../../../../src/protocols/xmpp/wire/wire';
import { deliver, header } from '../../../support/hostile/amqp';

interface Reading {
	push(chunk: Buffer): void;
	unfinished(): Unfinished | undefined;
}

function mqtt(): Reading {
	const nothing = () => {};
	const handlers = { connack: nothing, publish: nothing, pubrel: nothing, acknowledged: nothing };
	const guard = createGuard({
		...{ version: 4, limit: 16 * 1024 * 1024, aliasMaximum: 0, disconnect: nothing, library: nothing },
		...handlers,
	});
	guard.push(Buffer.from('20020000', 'hex'));
	return guard;
}

function amqpFrames(): Reading {
	return createFrameReader(
		() => 131_072,
		() => {},
	);
}

/** The messages of a channel with their frames, as the guard reads them. */
function amqpChannel(): Reading {
	const contents = createContents({ reserve() {}, route: () => ({ exchange: '', key: '' }) }, () => {});
	const reader = createFrameReader(
		() => 131_072,
		(type, _number, bytes, start, end) => {
			if (type === 1) contents.begin('deliver', bytes, start + 4, end);
			else if (type === 2) contents.header(bytes, start, end);
			else contents.body(bytes, start, end);
		},
	);
	return {
		push(chunk) {
			reader.push(chunk);
			contents.flush();
		},
		unfinished: contents.unfinished,
	};
}

function webSocket(): Reading {
	return followFrames({ limit: 16 * 1024 * 1024, leave() {} });
}

function xmpp(): Reading {
	const wire = createWire({ framed: false, limit: 100_000, close() {} });
	wire.restart();
	wire.listen({ element() {}, over: (failure) => assert.fail(failure.message) });
	const ns = 'http://etherx.jabber.org/streams';
	wire.hear(`<stream:stream xmlns='jabber:client' xmlns:stream='${ns}' version='1.0'>`);
	return { push: (chunk) => wire.hear(chunk.toString()), unfinished: wire.unfinished };
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (words: string) => Buffer.from(words);

/** A whole message, one of which the rest is missing, what is known of that, and bytes of which it is not the end. */
const cases: [
	string,
	() => Reading,
	whole: Buffer,
	part: Buffer,
	Omit<Unfinished, 'since'>,
	more: Buffer,
	rest?: Buffer,
][] = [
	['MQTT, a PUBLISH', mqtt, hex('3003000161'), hex('30 80 80 40'), { bytes: 4, size: 1_048_580 }, hex('3003000161')],
	['MQTT, a length', mqtt, hex('3003000161'), hex('30 80'), { bytes: 2, size: undefined }, hex('')],
	['MQTT, its end comes', mqtt, hex('3003000161'), hex('3004'), { bytes: 2, size: 6 }, hex('0001'), hex('6161')],
	[
		'AMQP, a body frame',
		amqpFrames,
		hex('08000000000000ce'),
		hex('03 0001 00010000'),
		{ bytes: 7, size: 65_544 },
		hex('08000000000000ce'),
	],
	[
		'AMQP, the head of a frame',
		amqpFrames,
		hex('08000000000000ce'),
		hex('03 0001'),
		{ bytes: 3, size: undefined },
		hex('00'),
	],
	[
		'AMQP, a body',
		amqpChannel,
		Buffer.concat([deliver(1), header(1, 0)]),
		Buffer.concat([deliver(1), header(1, 5000)]),
		{ bytes: 0, size: 5000 },
		hex('03 0001 00000001 41 ce'),
	],
	['AMQP, a header', amqpChannel, Buffer.concat([deliver(1), header(1, 0)]), deliver(1), { bytes: 0 }, hex('03')],
	[
		'WebSocket, a frame',
		webSocket,
		hex('8201 41'),
		hex('82 7f 00 00 00 00 00 10 00 00'),
		{ bytes: 0, size: 1_048_576 },
		hex('8201 41'),
	],
	['WebSocket, the head of a frame', webSocket, hex('8201 41'), hex('82 7f 00'), { bytes: 3 }, hex('00')],
	['WebSocket, fragments and pings', webSocket, hex('8201 41'), hex('0202 4141'), { bytes: 2 }, hex('8900')],
	['WebSocket, its end comes', webSocket, hex('8201 41'), hex('8203 41'), { bytes: 1, size: 3 }, hex('41'), hex('41')],
	['XMPP, a stanza', xmpp, text('<presence/>'), text('<message><body>a'), { bytes: 16 }, text('<presence/>')],
	['XMPP, a tag', xmpp, text('<presence/>'), text("<message to='"), { bytes: 13 }, text('bob')],
	[
		'XMPP, its end comes',
		xmpp,
		text('<presence/> '),
		text('<presence>'),
		{ bytes: 11 },
		text('<show>away'),
		text('</show></presence>'),
	],
];

for (const [name, read, whole, part, expected, more, rest] of cases)
	test(`${name}: what is not whole is known, since when, and until its end`, (t) => {
		let now = 1000;
		t.mock.method(performance, 'now', () => now);
		const reading = read();
		reading.push(whole);
		assert.equal(reading.unfinished(), undefined);
		now = 2000;
		reading.push(Buffer.concat([whole, part]));
		assert.deepEqual(reading.unfinished(), { since: 2000, ...expected });
		now = 3000;
		for (let time = 0; time < 3; time++) if (!rest || time === 0) reading.push(more);
		assert.equal(reading.unfinished()?.since, 2000, 'more of it does not make it younger');
		if (!rest) return;
		reading.push(rest);
		assert.equal(reading.unfinished(), undefined);
		now = 4000;
		reading.push(part);
		assert.equal(reading.unfinished()?.since, 4000);
		now = 5000;
		reading.push(Buffer.concat([more, rest, part]));
		assert.equal(reading.unfinished()?.since, 5000, 'a flood of whole ones is never old');
	});

test('a link that waits for the rest of one message shows it within 15 s, with the bytes so far', (t) => {
	let now = 0;
	t.mock.method(performance, 'now', () => now);
	t.mock.timers.enable({ apis: ['setInterval'] });
	let current: Unfinished | undefined;
	const shown: { at: number; message: UnfinishedMessage | undefined }[] = [];
	const stop = watchUnfinished({ unfinished: () => current } as unknown as Link, (message) =>
		shown.push({ at: now, message }),
	);
	const pass = (ms: number, each?: () => void) => {
		for (let left = ms; left > 0; left -= 500) {
			now += 500;
			each?.();
			t.mock.timers.tick(500);
		}
	};
	pass(20_000, () => {
		current = { since: now, bytes: 100, size: 200 };
	});
	assert.equal(shown.length, 0, 'each is whole soon');
	current = { since: now, bytes: 4, size: 1_048_580 };
	pass(15_000);
	assert.equal(shown.length, 1);
	assert.deepEqual(shown[0]?.message, { bytes: 4, size: 1_048_580 });
	current = { ...current, bytes: 9 };
	pass(1000);
	current = undefined;
	pass(2000);
	assert.deepEqual(
		shown.map(({ message }) => message?.bytes),
		[4, 9, undefined],
	);
	stop();
	current = { since: 0, bytes: 1 };
	pass(20_000);
	assert.equal(shown.length, 3);
});

test('the state names it, with its size where that is known', () => {
	const open = {
		kind: 'open' as const,
		since: 0,
		security: { encrypted: false, verified: true, authentication: '' },
		facts: [],
	};
	const words = (unfinished: UnfinishedMessage) =>
		stateText({ state: { ...open, unfinished }, received: 1, rate: 0 }, 0);
	assert.equal(words({ bytes: 4, size: 1_048_580 }), 'open · waiting for the rest of a message: 4 of 1,048,580 bytes');
	assert.equal(words({ bytes: 1234 }), 'open · waiting for the rest of a message: 1,234 bytes');
});
