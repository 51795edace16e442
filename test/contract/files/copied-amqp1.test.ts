import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { sketchOf } from '../../../src/files/exchange/sketch';
import type { Values } from '../../../src/model/profile/field';
import { prepareDraft } from '../../../src/protocols/amqp1/messages/draft';
import { readSections } from '../../../src/protocols/amqp1/wire/codec/sections';
import { Reader } from '../../../src/protocols/amqp1/wire/codec/values';
import { describe } from '../../../src/protocols/descriptions';
import type { Sketch } from '../../../src/protocols/shared/commands/sketch';
import { type ServerProcess, startServerProcess } from '../../support/run/server-process';
import { copied, hostileTexts } from '../../support/texts/evil-texts';

/** What is copied for AMQP 1.0, run against a server: each value arrives with its type. */

const run = promisify(execFile);
/** Debian's packages belong to Debian's Python. */
const python = '/usr/bin/python3';
const amqp1 = describe('amqp1');
assert.ok(amqp1);

let folder: string;
let server: ServerProcess;
let proxy: Server;
let bytes: Buffer[] = [];

before(async () => {
	// Programs find the packages of this repository only from within it.
	folder = mkdtempSync(join('.cache', 'amqp1-'));
	server = await startServerProcess('test/support/servers/amqp1/amqp1-server.mjs', { password: 'hunter2' });
	// Libraries unwrap the types of values: what a program sends is read from the wire.
	proxy = createServer((socket) => {
		const peer = connect(server.port, '127.0.0.1');
		socket.on('data', (chunk) => bytes.push(chunk));
		socket.on('error', () => peer.destroy());
		peer.on('error', () => socket.destroy());
		socket.pipe(peer).pipe(socket);
	}).listen(0, '127.0.0.1');
	await once(proxy, 'listening');
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	proxy.close();
	await server.stop();
});

test('what the programs need is here', () => {
	const { status, stderr } = spawnSync(python, ['-c', 'import proton'], { encoding: 'utf8' });
	assert.equal(status, 0, `Install python3-qpid-proton to run the programs. ${stderr}`);
});

/** The messages of transfer frames (AMQP 1.0, part 2, sections 2.3 and 2.7.5), each in one frame. */
function transfers(stream: Buffer): Buffer[] {
	const found: Buffer[] = [];
	for (let at = 0; at + 8 <= stream.length; ) {
		// A protocol header: "AMQP", and four bytes.
		if (stream.toString('latin1', at, at + 4) === 'AMQP') {
			at += 8;
			continue;
		}
		const [end, start] = [at + stream.readUInt32BE(at), at + stream.readUInt8(at + 4) * 4];
		if (stream.readUInt8(at + 5) === 0 && end > start) {
			const reader = new Reader(stream, start, end);
			const performative = reader.value();
			const code = performative.type === 'described' ? performative.descriptor : undefined;
			if (code?.type === 'ulong' && code.value === 0x14n) found.push(stream.subarray(reader.at, end));
		}
		at = end;
	}
	return found;
}

const sketch = (verb: string, values: Values, payload: Uint8Array): Sketch => ({
	...sketchOf(
		{ verb, target: 'topic/here', values, payload },
		amqp1,
		`amqp://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
	),
	username: 'user',
});

let files = 0;
async function sent(one: Sketch, id: string): Promise<{ stdout: string; messages: Buffer[] }> {
	const text = copied(one, id);
	assert.ok(text);
	assert.ok(!text.includes('hunter2'));
	const file = join(folder, `${files++}.${id === 'python' ? 'py' : 'mjs'}`);
	writeFileSync(file, text.replaceAll('PASSWORD', 'hunter2'));
	bytes = [];
	const { stdout } = await run(id === 'python' ? python : process.execPath, [file], { timeout: 30_000 });
	return { stdout, messages: transfers(Buffer.concat(bytes)) };
}

const every = Uint8Array.from({ length: 256 }, (_, at) => at);
const typed: [string, string][] = [
	['text', 'ü😀'],
	['null', '(null)'],
	['boolean', '(boolean) true'],
	['ubyte', '(ubyte) 255'],
	['ushort', '(ushort) 65535'],
	['uint', '(uint) 4294967295'],
	['ulong', '(ulong) 18446744073709551615'],
	['small', '(ulong) 5'],
	['byte', '(byte) -128'],
	['short', '(short) -32768'],
	['int', '(int) -2147483648'],
	['long', '(long) -9223372036854775808'],
	['double', '(double) 1.5'],
	['whole', '(double) 3'],
	['float', '(float) 0.5'],
	['char', '(char) €'],
	['timestamp', '(timestamp) 2026-01-31T12:00:00.123Z'],
	['uuid', '(uuid) 12345678-1234-1234-1234-123456789abc'],
	['binary', '(binary) 00ff'],
	['symbol', '(symbol) name'],
];
const cases: [name: string, values: Values, payload: Uint8Array][] = [
	['every byte', {}, every],
	['text', { body: 'text', durable: false }, Buffer.from('it\'s "ü😀"\n')],
	['binary', { body: 'binary' }, every],
	['a value', { body: 'value' }, Buffer.from('{"a": [1, -0.5, "(ulong) 7", null, true], "__proto__": "x"}')],
	['a sequence', { body: 'sequence' }, Buffer.from('["a", 1, {"b": "(symbol) c"}]')],
	['no body', { body: 'none' }, new Uint8Array()],
	['typed properties', { properties: typed }, Buffer.from('x')],
	[
		'all fields',
		{
			...{ messageId: '(ulong) 18446744073709551615', correlationId: '(uuid) 12345678-1234-1234-1234-123456789abc' },
			...{ to: 'there', replyTo: 'back', contentType: 'text/plain', contentEncoding: 'gzip', userId: 'me' },
			...{ groupId: 'g', groupSequence: 4_294_967_295, replyToGroupId: 'r', ttl: 1001, priority: 9 },
			...{ expires: '2026-01-31T12:00:00.001Z', created: '1700000000123', firstAcquirer: true, deliveryCount: 3 },
			annotations: [
				['x-opt-a', '(ulong) 5'],
				['x-opt-b', 'b'],
			],
			deliveryAnnotations: [['x-opt-c', '(int) 1']],
		},
		Buffer.from('x'),
	],
];
for (const id of ['python', 'javascript'])
	test(`${id}: bodies, properties and annotations arrive with their types`, async () => {
		for (const [name, values, payload] of cases) {
			const { stdout, messages } = await sent(sketch('send', values, payload), id);
			assert.match(stdout, /accepted|ACCEPTED/i, name);
			assert.equal(messages.length, 1, name);
			const expected = prepareDraft({ verb: 'send', target: 'topic/here', values, payload });
			assert.deepEqual(readSections(messages[0] as Buffer), readSections(expected.bytes), name);
		}
	});

for (const id of ['python', 'javascript'])
	test(`${id}: hostile texts arrive as they are`, async () => {
		const texts = hostileTexts.filter((text, at) => at % 6 === 0 && !/\p{Surrogate}/u.test(text));
		for (const text of texts) {
			const values = {
				subject: text,
				properties: [[`(string) ${text}`, `(string) ${text}`]] as [string, string][],
			};
			const payload = Buffer.from(text);
			const one = sketch('send', values, payload);
			const { messages } = await sent(one, id);
			const expected = prepareDraft({ verb: 'send', target: 'topic/here', values, payload });
			// Subjects choose the outcome at this server; what was sent counts.
			assert.deepEqual(readSections(messages[0] as Buffer), readSections(expected.bytes), text);
		}
	});

for (const id of ['python', 'javascript'])
	test(`${id}: a request prints its answer`, async () => {
		const { stdout } = await sent(sketch('request', { body: 'text' }, Buffer.from('pong')), id);
		assert.match(stdout, /pong/);
	});
