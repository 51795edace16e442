import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import WebSocket from 'ws';
import { withPlayground } from '../../support/servers/playground';

const closes: [sent: string, code: number, reason: string][] = [
	['close 4404 no such field', 4404, 'no such field'],
	['close 1000', 1000, ''],
	[`close 3000 ${'ü'.repeat(100)}`, 3000, 'ü'.repeat(61)],
];
for (const [sent, code, reason] of closes)
	test(`the echo closes on "${sent.slice(0, 24)}"`, async (t) => {
		const { ports } = await withPlayground(t);
		const socket = new WebSocket(`ws://127.0.0.1:${ports.ws}/echo`);
		await once(socket, 'open');
		socket.send(sent);
		const [got, why] = await once(socket, 'close');
		assert.deepEqual([got, String(why)], [code, reason]);
	});

test('the echo returns what is no order to close', async (t) => {
	const { ports } = await withPlayground(t);
	const socket = new WebSocket(`ws://127.0.0.1:${ports.ws}/echo`);
	await once(socket, 'open');
	for (const sent of ['close', 'close 1001', 'close 4404x', 'please close 4404', Buffer.from('close 4404')]) {
		socket.send(sent);
		const [data, isBinary] = await once(socket, 'message');
		assert.deepEqual([String(data), isBinary], [String(sent), typeof sent !== 'string']);
	}
	socket.close();
});
