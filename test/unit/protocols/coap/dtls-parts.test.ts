import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { type Aead, ccm, gcm } from '../../../../src/protocols/coap/dtls/aead';
import { createCollector } from '../../../../src/protocols/coap/dtls/handshake';
import { createReplayWindow, plainRecord, readRecords } from '../../../../src/protocols/coap/dtls/records';
import { keySettings } from '../../../../src/protocols/coap/dtls/settings';
import { resolved } from '../../../contract/suite/attempt';
import { noise } from '../../../contract/suite/judge';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('AES-CCM as in the examples of NIST SP 800-38C', () => {
	const key = hex('404142434445464748494a4b4c4d4e4f');
	const nonce = hex('101112131415161718191a1b');
	const additional = Buffer.from(Array.from({ length: 20 }, (_, at) => at));
	const plaintext = hex('202122232425262728292a2b2c2d2e2f3031323334353637');
	const { ciphertext, auth_tag } = ccm.encrypt(key, nonce, plaintext, additional, 8);
	assert.equal(ciphertext.toString('hex'), 'e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5');
	assert.equal(auth_tag.toString('hex'), '484392fbc1b09951');
});

/** AES-CCM of Node, which the editor does not have. */
function native(mode: 'ccm' | 'gcm', key: Buffer, nonce: Buffer, plaintext: Buffer, additional: Buffer, tag: number) {
	const cipher = createCipheriv(`aes-${(key.length * 8) as 128 | 256}-${mode as 'ccm'}`, key, nonce, {
		authTagLength: tag,
	});
	cipher.setAAD(additional, { plaintextLength: plaintext.length });
	const ciphertext = cipher.update(plaintext);
	cipher.final();
	return { ciphertext, auth_tag: cipher.getAuthTag() };
}

const modes: [name: 'ccm' | 'gcm', ours: Aead, tags: number[]][] = [
	['ccm', ccm, [8, 16]],
	['gcm', gcm, [16]],
];
for (const [name, ours, tags] of modes)
	test(`AES-${name.toUpperCase()} is what Node's own is, and takes nothing that was changed`, () => {
		let seed = 1;
		for (const keyLength of [16, 32])
			for (const tag of tags)
				for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 255, 1024, 16_384])
					for (const more of [0, 1, 13, 14, 30, 100]) {
						const key = noise(keyLength, seed++);
						const nonce = noise(12, seed++);
						const plaintext = noise(length, seed++);
						const additional = noise(more, seed++);
						const sealed = ours.encrypt(key, nonce, plaintext, additional, tag);
						assert.deepEqual(sealed, native(name, key, nonce, plaintext, additional, tag));
						const open = (part: 'ciphertext' | 'auth_tag' | 'none') => {
							const { ciphertext, auth_tag } = {
								ciphertext: Buffer.from(sealed.ciphertext),
								auth_tag: Buffer.from(sealed.auth_tag),
							};
							if (part !== 'none') ({ ciphertext, auth_tag })[part][0] = (sealed[part][0] ?? 0) ^ 1;
							return ours.decrypt(key, nonce, ciphertext, additional, auth_tag);
						};
						assert.deepEqual(open('none'), { plaintext, auth_ok: true });
						assert.deepEqual(open('auth_tag'), { plaintext: Buffer.alloc(0), auth_ok: false });
						if (length > 0) assert.deepEqual(open('ciphertext'), { plaintext: Buffer.alloc(0), auth_ok: false });
					}
	});

test('records of a datagram, up to the first that is none', () => {
	const good = plainRecord(22, 7, Buffer.from('body'));
	const read = (datagram: Buffer) => readRecords(datagram).map(({ type, number, body }) => [type, number, `${body}`]);
	assert.deepEqual(read(Buffer.concat([good, plainRecord(21, 2 ** 40, Buffer.of(1, 0))])), [
		[22, 7, 'body'],
		[21, 2 ** 40, '\u0001\0'],
	]);
	for (let cut = 0; cut < good.length; cut++) assert.deepEqual(read(good.subarray(0, cut)), []);
	assert.deepEqual(read(Buffer.concat([good, Buffer.from('GET / HTTP/1.1 and more')])), [[22, 7, 'body']]);
	assert.deepEqual(read(Buffer.concat([good.subarray(0, 11), Buffer.of(255, 255), Buffer.alloc(65_000)])), []);
});

test('a record is taken once, however many are lost before it', () => {
	const window = createReplayWindow();
	for (const number of [0, 1, 5, 3, 100_000, 99_500, 2 ** 47]) {
		assert.ok(window.isNew(number), `${number} is new`);
		window.mark(number);
		assert.ok(!window.isNew(number), `${number} was taken`);
	}
	assert.ok(!window.isNew(4), 'too old');
});

function handshakeMessage(type: number, seq: number, body: Buffer, from = 0, to = body.length): Buffer {
	const head = Buffer.alloc(12);
	head[0] = type;
	head.writeUIntBE(body.length, 1, 3);
	head.writeUInt16BE(seq, 4);
	head.writeUIntBE(from, 6, 3);
	head.writeUIntBE(to - from, 9, 3);
	return Buffer.concat([head, body.subarray(from, to)]);
}

const cookie = Buffer.from('fefd0401020304', 'hex');
const serverHello = Buffer.concat([hex('fefd'), Buffer.alloc(32, 7), hex('00 c0a8 00')]);
const done = Buffer.alloc(0);
const hint = hex('0004 68696e74');

test('handshake messages are put together and in order', () => {
	const types = (collector: ReturnType<typeof createCollector>, ...records: Buffer[]) =>
		records.map((record) => collector.take(record).map(({ type, seq }) => [type, seq]));
	const first = handshakeMessage(2, 0, serverHello, 0, 10);
	const rest = handshakeMessage(2, 0, serverHello, 8);
	// Overlapping fragments, out of order, together with another message in one record, and twice.
	assert.deepEqual(
		types(
			createCollector(),
			handshakeMessage(14, 2, done),
			rest,
			Buffer.concat([first, handshakeMessage(12, 1, hint)]),
			first,
			handshakeMessage(14, 2, done),
		),
		[
			[],
			[],
			[
				[2, 0],
				[12, 1],
				[14, 2],
			],
			[],
			[],
		],
	);
	// A forged fragment that contradicts the genuine one does not block it.
	assert.deepEqual(
		types(createCollector(), handshakeMessage(3, 0, Buffer.alloc(100), 0, 3), handshakeMessage(3, 0, cookie)),
		[[], [[3, 0]]],
	);
	// Messages far ahead or too large are not kept.
	assert.deepEqual(types(createCollector(), handshakeMessage(14, 9, done), handshakeMessage(14, 65_535, done)), [
		[],
		[],
	]);
	const huge = handshakeMessage(3, 0, cookie);
	huge.writeUIntBE(2 ** 24 - 1, 1, 3);
	assert.deepEqual(types(createCollector(), huge), [[]]);
});

test('a handshake message whose lengths do not fit it, or that chooses what was not offered, is none', () => {
	const wrong: [string, number, Buffer][] = [
		['a cookie that is shorter than it says', 3, Buffer.from('fefdff01020304', 'hex')],
		['a cookie that is longer than it says', 3, Buffer.from('fefd0101020304', 'hex')],
		['no cookie', 3, Buffer.from('fefd00', 'hex')],
		['DTLS 1.0', 2, Buffer.concat([hex('feff'), serverHello.subarray(2)])],
		['no cipher', 2, Buffer.concat([serverHello.subarray(0, 35), hex('0000 00')])],
		['a suite of the library that was not offered', 2, Buffer.concat([serverHello.subarray(0, 35), hex('008c 00')])],
		['compression', 2, Buffer.concat([serverHello.subarray(0, 35), hex('c0a8 01')])],
		['extensions beyond the end', 2, Buffer.concat([serverHello, hex('0008 0001 0001 00')])],
		['an extension beyond the extensions', 2, Buffer.concat([serverHello, hex('0005 0001 0009 00')])],
		['a hint beyond the end', 12, Buffer.from('ffff68', 'hex')],
		['no hint', 12, Buffer.alloc(1)],
		['something after the end', 14, Buffer.alloc(1)],
		['a short proof', 20, Buffer.alloc(11)],
		['a certificate', 11, Buffer.alloc(40)],
	];
	for (const [what, type, body] of wrong)
		assert.deepEqual(createCollector().take(handshakeMessage(type, 0, body)), [], what);
	for (let cut = 0; cut < serverHello.length; cut++)
		assert.deepEqual(createCollector().take(handshakeMessage(2, 0, serverHello.subarray(0, cut))), [], `cut at ${cut}`);
	const withExtension = Buffer.concat([serverHello, hex('0005 ff01 0001 00')]);
	assert.equal(createCollector().take(handshakeMessage(2, 0, withExtension)).length, 1);
});

test('identity and key as a profile has them', () => {
	const settings = (psk: string | undefined, values = {}) =>
		keySettings(resolved('coap', 'coaps://h', values), psk === undefined ? {} : { 'dtls.psk': psk });
	const hexadecimal = { 'dtls.pskFormat': 'hex' };
	assert.deepEqual(settings('käse').key, Buffer.from('käse'));
	assert.deepEqual(settings('0xC0:ff-ee 01', hexadecimal).key, hex('c0ffee01'));
	assert.deepEqual(settings('00ff').key, Buffer.from('00ff'));
	assert.deepEqual(settings('k', { 'dtls.identity': 'ünser' }).identity, Buffer.from('ünser'));
	const refused: [string | undefined, object, code: string][] = [
		[undefined, {}, 'no-key'],
		['', {}, 'no-key'],
		['c0f', hexadecimal, 'bad-key'],
		['secret', hexadecimal, 'bad-key'],
		['k'.repeat(257), {}, 'bad-key'],
		['k', { 'dtls.identity': 'x'.repeat(129) }, 'bad-identity'],
	];
	for (const [psk, values, code] of refused)
		assert.throws(
			() => settings(psk, values),
			(error) => error instanceof FailureError && error.failure.code === code && error.failure.final === true,
		);
});
