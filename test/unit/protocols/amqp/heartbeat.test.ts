import assert from 'node:assert/strict';
import test from 'node:test';
import { Reader, Writer } from '../../../../src/protocols/amqp/wire/bytes';
import { createHandshake } from '../../../../src/protocols/amqp/wire/handshake';
import { watch } from '../../../../src/protocols/amqp/wire/liveness';
import { method } from '../../../../src/protocols/amqp/wire/methods';
import { writeTable } from '../../../../src/protocols/amqp/wire/table';

test('AMQP: at most a heartbeat of 10 s is agreed, whatever profile and server propose', () => {
	for (const [ours, theirs, agreed] of [
		[60, 60, 10],
		[60, 0, 10],
		[60, 5, 5],
		[3, 60, 3],
		[0, 60, 0],
	] as const) {
		const written: Buffer[] = [];
		const handshake = createHandshake({
			...{ mechanism: 'PLAIN', user: 'u', password: 'p', vhost: '/', heartbeat: ours, connectionName: 'c' },
			...{ hidden: [], greeted() {}, write: (bytes) => void written.push(Buffer.from(bytes)) },
		});
		const start = new Writer().uint8(0).uint8(9);
		writeTable(start, []);
		handshake.method(method.connectionStart, new Reader(start.long('PLAIN').long('en_US').done()));
		handshake.method(method.connectionTune, new Reader(new Writer().uint16(0).uint32(0).uint16(theirs).done()));
		assert.equal(written[1]?.readUInt16BE(17), agreed, `${ours} and ${theirs}`);
	}
});

test('AMQP: a server that falls silent shows within 15 s, one that sends heartbeats does not', (t) => {
	let now = 0;
	t.mock.method(performance, 'now', () => now);
	t.mock.timers.enable({ apis: ['setInterval'] });
	const dead: number[] = [];
	const liveness = watch(
		10,
		() => {},
		() => void dead.push(now),
	);
	const pass = (ms: number) => {
		for (let left = ms; left > 0; left -= 25) {
			now += 25;
			t.mock.timers.tick(25);
		}
	};
	for (let beat = 0; beat < 6; beat++) {
		pass(10_000);
		liveness.heard();
	}
	assert.equal(dead.length, 0);
	pass(20_000);
	const after = (dead[0] ?? 0) - 60_000;
	assert.ok(after > 10_000 && after <= 15_000, `after ${after} ms`);
});
