import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { natsFlag, statusOf } from '../../../../src/protocols/nats/describe/flags';
import { headersOf, readMeta } from '../../../../src/protocols/nats/describe/headers';
import { createConnection } from '../../../../src/protocols/nats/wire/connection';
import { createReader } from '../../../../src/protocols/nats/wire/reader';
import type { PipeListener } from '../../../../src/protocols/shared/pipe';

/** Reads the chunks; each event is one text. */
function read(chunks: readonly Buffer[], limit = 1024 * 1024): string[] {
	const events: string[] = [];
	const reader = createReader(limit, {
		message(sid, subject, payload, meta, flags) {
			const { reply = '' } = readMeta(meta);
			const { pairs } = headersOf(meta);
			events.push(
				JSON.stringify([sid, subject, reply, pairs, statusOf(flags), Buffer.from(payload).toString('latin1')]),
			);
			assert.equal((flags & natsFlag.reply) !== 0, reply !== '');
		},
		info: (json) => events.push(`info ${json}`),
		error: (text) => events.push(`error ${text}`),
		ping: () => events.push('ping'),
		pong: () => events.push('pong'),
	});
	for (const chunk of chunks) reader.push(chunk);
	assert.equal(reader.unfinished(), undefined);
	return events;
}

const headers = 'NATS/1.0\r\nA: 1\r\nB:ä😀\r\nA: 2\r\n\r\n';
const size = Buffer.byteLength(headers);
const parts: [bytes: string, event: string][] = [
	['INFO {"a":1} \r\n', 'info {"a":1}'],
	['PING\r\n', 'ping'],
	['MSG a.b 1 5\r\nhe\r\nl\r\n', '[1,"a.b","",[],"","he\\r\\nl"]'],
	['MSG a 12 reply.to 0\r\n\r\n', '[12,"a","reply.to",[],"",""]'],
	// nats-server leaves two spaces where a reply subject is empty.
	['MSG _I.5 1  3\r\nabc\r\n', '[1,"_I.5","",[],"","abc"]'],
	['MSG a 1 77 3\r\nabc\r\n', '[1,"a","77",[],"","abc"]'],
	[`HMSG a 2 ${size} ${size + 3}\r\n${headers}xyz\r\n`, '[2,"a","",[["A","1"],["B","ä😀"],["A","2"]],"","xyz"]'],
	[`HMSG a 2 r.1 ${size} ${size}\r\n${headers}\r\n`, '[2,"a","r.1",[["A","1"],["B","ä😀"],["A","2"]],"",""]'],
	['HMSG i 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n', '[1,"i","",[],"503",""]'],
	['HMSG i 1 28 28\r\nNATS/1.0 404 No Messages\r\n\r\n\r\n', '[1,"i","",[],"404",""]'],
	["-ERR 'Permissions Violation for Publish to \"x'y\"'\r\n", 'error Permissions Violation for Publish to "x\'y"'],
	['+OK\r\n', ''],
	['PONG\r\n', 'pong'],
];
const whole = Buffer.from(parts.map(([bytes]) => bytes).join(''));
const expected = parts.flatMap(([, event]) => (event ? [event] : []));

test('reads every line of a server, wherever the network has cut it', () => {
	assert.deepEqual(read([whole]), expected);
	for (let at = 1; at < whole.length; at++)
		assert.deepEqual(read([whole.subarray(0, at), whole.subarray(at)]), expected, `cut at ${at}`);
	assert.deepEqual(read(Array.from(whole, (byte) => Buffer.of(byte))), expected, 'single bytes');
});

test('refuses what is malformed or too large, at the first byte that shows it', () => {
	const cases: [string, RegExp][] = [
		['HELLO\r\n', /protocol-violation.*malformed/],
		['PANG\r\n', /does not define/],
		['MSG a 1 2000000000\r\n', /message-too-large.*2,000,000,000 bytes; 1,048,576/],
		['HMSG a 1 5 2000000000\r\n', /message-too-large/],
		['HMSG a 1 20 10\r\n', /shorter than its headers/],
		['MSG a 1 -5\r\n', /malformed|without its size/],
		['MSG a 1 5x\r\n', /without its size/],
		['MSG a 1\r\n', /malformed/],
		['MSG  1 5\r\n', /malformed/],
		['MSG a b 5\r\n', /malformed/],
		['MXG a 1 5\r\n', /malformed/],
		['MSG a 1 5\n', /malformed|without its size/],
		['MSG a 1 2\r\nabcd', /does not end where its size says/],
		[`MSG ${'a'.repeat(70_000)}`, /first line does not end/],
		[`INFO ${'a'.repeat(270_000)}`, /line that does not end/],
	];
	for (const [bytes, problem] of cases)
		assert.throws(
			() => read([Buffer.from(bytes)]),
			(error: unknown) => {
				assert.ok(error instanceof FailureError, bytes.slice(0, 40));
				assert.match(`${error.failure.code} ${error.failure.message}`, problem, bytes.slice(0, 40));
				return true;
			},
		);
});

test('says that the connection was closed in the middle of a message, as a slow consumer is', async () => {
	const end = async (bytes: string) => {
		const connection = createConnection(1024);
		let listener: PipeListener | undefined;
		const pipe = { write() {}, waiting: 0, leave() {}, end() {}, destroy() {} };
		connection.attach({ ...pipe, listen: (given) => (listener = given) });
		connection.start({ info() {}, error() {} }, 0);
		listener?.data(Buffer.from(`INFO {"server_id":"N"}\r\n${bytes}`));
		listener?.closed({ code: 'closed-by-server', message: 'The server closed the connection.' });
		return connection.life.ended;
	};
	assert.equal((await end('MSG a 1 1\r\nx\r\n'))?.message, 'The server closed the connection.');
	const cut = await end('MSG a 1 10\r\nxxx');
	assert.equal(cut?.message, 'The server closed the connection in the middle of a message.');
	assert.match(cut.remedy?.text ?? '', /slow consumer/);
});
