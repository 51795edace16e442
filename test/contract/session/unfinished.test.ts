import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import test from 'node:test';
import { amqpDialogue } from '../../support/hostile/amqp';
import type { Dialogue } from '../../support/hostile/hostile';
import { mqttDialogue } from '../../support/hostile/mqtt';
import { websocketDialogue } from '../../support/hostile/websocket';
import { hostileUser, xmppDialogue } from '../../support/hostile/xmpp';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { notes, realSession } from '../../support/run/session';

/** Speaks the handshake up to its last step, begins a message, and then sends good ones, which are taken for its rest. */
async function startDeafening(dialogue: Dialogue, last: string, start: Buffer, good: Buffer) {
	const ends = new Set<() => void>();
	const server = createServer((socket: Socket) => {
		const all = dialogue();
		// The first one is the TCP connection itself.
		const steps = all.slice(1, all.findIndex(({ name }) => name === last) + 1);
		let heard = Buffer.alloc(0);
		ends.add(() => socket.destroy());
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			heard = Buffer.concat([heard, chunk]);
			for (let next = steps[0]; next; next = steps[0]) {
				const length = next.takes(heard);
				if (length === undefined) return;
				socket.write(next.answer(heard.subarray(0, length)));
				heard = heard.subarray(length);
				steps.shift();
				if (steps.length > 0) continue;
				socket.write(start);
				const timer = setInterval(() => socket.write(good), 500);
				ends.add(() => clearInterval(timer));
			}
		});
	});
	const port = await listen(server);
	return {
		port,
		close() {
			for (const end of ends) end();
			server.close();
		},
	};
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const cases: [protocol: string, Dialogue, last: string, start: Buffer, good: Buffer, size: number][] = [
	['mqtt', mqttDialogue, 'connack', hex('30 80 80 40'), hex('30 03 0001 61'), 1_048_580],
	['websocket', websocketDialogue, 'upgrade', hex('82 7f 00 00 00 00 00 10 00 00'), hex('82 01 41'), 1_048_576],
	['amqp', amqpDialogue, 'open-ok', hex('03 0001 00010000'), hex('08 0000 00000000 ce'), 65_544],
];

test('a server that begins a message and never ends it', { concurrency: true }, async (t) => {
	await Promise.all(
		cases.map(([protocol, dialogue, last, start, good, size]) =>
			t.test(`${protocol}: the open link says what it waits for`, async () => {
				const server = await startDeafening(dialogue, last, start, good);
				const scheme = protocol === 'websocket' ? 'ws' : protocol;
				const session = realSession(protocol, {
					url: `${scheme}://127.0.0.1:${server.port}${protocol === 'amqp' ? '' : '/'}`,
					values: { 'management.url': 'none' },
				});
				try {
					await session.connect();
					await eventually('it is shown', () => {
						const { state } = session.status();
						assert.ok(state.kind === 'open' && state.unfinished, JSON.stringify(state));
						assert.equal(state.unfinished.size, size);
						assert.ok(state.unfinished.bytes > 10, String(state.unfinished.bytes));
					});
					assert.match(notes(session).at(-1) ?? '', /waiting for the rest of a message/);
				} finally {
					await session.close();
					session.dispose();
					server.close();
				}
			}),
		),
	);
});

test('XMPP: a stanza without an end swallows the answers to pings, so the link ends and says so', async () => {
	const server = await startDeafening(
		xmppDialogue,
		'bound',
		Buffer.from('<message><body>'),
		Buffer.from('<presence/>'),
	);
	const session = realSession('xmpp', {
		url: `xmpp://127.0.0.1:${server.port}`,
		values: { pingInterval: 1, username: `${hostileUser.name}@localhost`, allowUnencrypted: true },
		secrets: { password: hostileUser.password },
		pause: () => 60_000,
	});
	try {
		await session.connect();
		await eventually('it has ended', () => {
			const { state } = session.status();
			assert.ok(state.kind === 'retrying', JSON.stringify(state));
			assert.equal(state.failure.code, 'silent');
			assert.match(state.failure.evidence ?? '', /a stanza is incomplete after \d+ characters/);
		});
	} finally {
		await session.close();
		session.dispose();
		server.close();
	}
});
