import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import test, { type TestContext } from 'node:test';
import type { Values } from '../../../src/model/profile/field';
import { createCoapServer } from '../../../src/playground/coap/server';
import { adapter } from '../../../src/protocols/coap/adapter';
import type { CoapMeta } from '../../../src/protocols/coap/describe/properties';
import { freePort } from '../../support/net/listen';
import { startCoapServer } from '../../support/servers/coap-server';
import { connect, resolved } from '../suite/attempt';

const group = '224.0.1.187';

/** A device that listens to the group's address on loopback, and answers from its own port. */
async function device(t: TestContext, port: number, links: number): Promise<void> {
	const hears = createSocket({ type: 'udp4', reuseAddr: true });
	const speaks = createSocket('udp4');
	await bound(speaks, 0, '127.0.0.1');
	await bound(hears, port, group);
	hears.addMembership(group, '127.0.0.1');
	const server = createCoapServer(speaks, (place) => {
		for (let at = 0; at < links; at++)
			place.add({ path: `r${at}`, attributes: `title="${'x'.repeat(30)}"`, answer: () => ({ code: '2.05' }) });
	});
	hears.on('message', (bytes, from) => speaks.emit('message', bytes, from));
	t.after(async () => {
		server.close();
		await Promise.all([hears, speaks].map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
	});
}

const bound = (socket: Socket, port: number, address: string) =>
	new Promise<void>((resolve) => socket.bind(port, address, resolve));

async function discover(t: TestContext, values: Values) {
	const profile = resolved('coap', 'coap://127.0.0.1:1', { probe: 'none' });
	const { link, recorded } = await connect({ adapter, profile });
	t.after(() => link.destroy());
	const signal = new AbortController().signal;
	const result = await link.act?.({ ...{ action: 'discover', messages: [], values, signal }, progress() {} });
	return { result, recorded };
}

test('a multicast lists everyone who answers, with the later blocks of those who have much to say', async (t) => {
	const port = await freePort();
	await device(t, port, 3);
	await device(t, port, 100);
	const { result, recorded } = await discover(t, { address: group, port, interface: '127.0.0.1', seconds: 2 });
	assert.equal(result?.text, `2 devices answered at ${group}, port ${port}.`);
	assert.deepEqual(result?.properties?.map(({ value }) => value.split(':')[0]).sort(), [
		'100 resources',
		'3 resources',
	]);
	assert.deepEqual(result?.messages, [0, 1]);
	const from = recorded.messages.map(({ meta }) => (meta as CoapMeta).from);
	assert.equal(new Set(from).size, 2);
	assert.ok(recorded.messages.some(({ payload }) => payload.includes('</r99>')));
});

test('a unicast address works as well; no answer and an invalid address are reported', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const one = await discover(t, { address: '127.0.0.1', port: server.port, seconds: 1, path: '/' });
	assert.equal(one.result?.text, `1 device answered at 127.0.0.1, port ${server.port}.`);
	const none = await discover(t, { address: group, port: await freePort(), interface: '127.0.0.1', seconds: 1 });
	assert.match(none.result?.text ?? '', /^No device answered/);
	await assert.rejects(discover(t, { address: 'localhost' }), /is not an IP address/);
	await assert.rejects(discover(t, { address: group, interface: '192.0.2.1' }), /could not be sent/);
});
