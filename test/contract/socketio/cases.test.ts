import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import test from 'node:test';
import { flag } from '../../../src/model/contracts/message';
import { adapter } from '../../../src/protocols/socketio/adapter';
import { adapter as webSocket } from '../../../src/protocols/websocket/adapter';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { realSession } from '../../support/run/session';
import { startSocketIoServer } from '../../support/servers/socketio/socketio-server';
import { startWebSocketServer } from '../../support/servers/websocket/websocket-server';
import { connect, refused, resolved } from '../suite/attempt';

const fact = (facts: { label: string; value: string }[], label: string) =>
	facts.find((one) => one.label === label)?.value;
const draft = (target: string, payload: string, values = {}, verb = 'emit') => ({
	verb,
	target,
	values,
	payload: Buffer.from(payload),
});

test('a server that speaks another version', async (t) => {
	await t.test('version 2, although 4 is chosen', async (inner) => {
		const server = await startSocketIoServer({ version: 2 });
		inner.after(() => server.stop());
		const url = `http://127.0.0.1:${server.port}`;
		for (const transport of ['websocket', 'polling']) {
			const { failure } = await refused({ adapter, profile: resolved('socketio', url, { version: '4', transport }) });
			assert.equal(failure.code, 'version-refused', transport);
			assert.match(failure.message, /^The server speaks version 2 of Socket\.IO/);
			assert.equal(failure.final, true);
		}
	});

	await t.test('version 4, although 2 is chosen', async (inner) => {
		const server = await startSocketIoServer({ version: 4 });
		inner.after(() => server.stop());
		const url = `http://127.0.0.1:${server.port}`;
		for (const transport of ['websocket', 'polling']) {
			const { failure } = await refused({ adapter, profile: resolved('socketio', url, { version: '2', transport }) });
			assert.equal(failure.message, 'The server does not support this version of the protocol.', transport);
			assert.match(failure.remedy?.text ?? '', /another server version/);
		}
	});

	await t.test('version 4 that accepts clients of version 2', async (inner) => {
		const server = await startSocketIoServer({ version: 4, settings: { allowEIO3: true } });
		inner.after(() => server.stop());
		const url = `http://127.0.0.1:${server.port}`;
		for (const transport of ['websocket', 'polling', 'upgrade']) {
			const { link, recorded } = await connect({
				adapter,
				profile: resolved('socketio', url, { version: '2', transport }),
			});
			assert.equal(fact(link.facts, 'Server version'), '4, as a client of version 2');
			await server.emit({ name: 'a', args: [Buffer.of(1)] });
			await eventually('received', () => assert.equal(recorded.messages.length, 1));
			await link.close();
		}
	});
});

test('a server that offers one transport', async (t) => {
	const server = await startSocketIoServer({ version: 4, settings: { transports: ['polling'] } });
	t.after(() => server.stop());
	const url = `http://127.0.0.1:${server.port}`;
	const { failure } = await refused({ adapter, profile: resolved('socketio', url) });
	assert.equal(failure.message, 'The Socket.IO server does not offer this transport.');
	const { link } = await connect({ adapter, profile: resolved('socketio', url, { transport: 'upgrade' }) });
	assert.equal(fact(link.facts, 'Transport'), 'polling (the server offers no upgrade)');
	await link.close();
});

test('servers that are no Socket.IO servers', async (t) => {
	const title = async (url: string, values = {}) =>
		(await refused({ adapter, profile: resolved('socketio', url, values), deadline: 20_000 })).failure;

	await t.test('a plain WebSocket server that waits', async (inner) => {
		const server = await startWebSocketServer();
		inner.after(() => server.stop());
		const failure = await title(`http://127.0.0.1:${server.port}`);
		assert.equal(failure.message, 'The server opened a WebSocket, but no Socket.IO session within 5 s.');
		assert.equal(failure.otherProtocol, 'websocket');
	});

	await t.test('a plain WebSocket server that greets', async (inner) => {
		const server = await startWebSocketServer({ greeting: '{"hello":1}' });
		inner.after(() => server.stop());
		const failure = await title(`http://127.0.0.1:${server.port}`);
		assert.equal(failure.message, 'This is not a Socket.IO server: its first message opens no session.');
		assert.deepEqual([failure.otherProtocol, failure.final], ['websocket', true]);
	});

	await t.test('a web server, and one without the path', async (inner) => {
		const server = createServer((request: IncomingMessage, response) =>
			request.url?.startsWith('/page') ? response.end('<html>') : response.writeHead(404).end('no'),
		);
		inner.after(() => server.close());
		const url = `http://127.0.0.1:${await listen(server)}`;
		for (const transport of ['websocket', 'polling']) {
			assert.match(
				(await title(url, { transport })).message,
				/^The server has no Socket\.IO at this path: HTTP status 404/,
			);
			const failure = await title(url, { transport, path: '/page' });
			assert.match(
				failure.message,
				transport === 'polling' ? /^This is a web server, but/ : /HTTP status 200 \(OK\)\.$/,
			);
		}
	});
});

test('one connection to version 4', async (t) => {
	const server = await startSocketIoServer({ version: 4, maxPayload: 1000, token: 'good' });
	t.after(() => server.stop());
	const url = `http://127.0.0.1:${server.port}`;
	const open = (values = {}) =>
		connect({ adapter, profile: resolved('socketio', url, values), secrets: { authToken: 'good' } });

	await t.test('a refused sign-in has the data of the server as evidence, and not the token', async () => {
		const { failure } = await refused({
			adapter,
			profile: resolved('socketio', url),
			secrets: { authToken: 'canary-b3' },
		});
		assert.equal(failure.code, 'credentials-refused');
		assert.match(failure.evidence ?? '', /"hint":"ask for a token"/);
		assert.doesNotMatch(JSON.stringify(failure), /canary/);
	});

	await t.test('an event above the limit of the server is refused with both numbers', async () => {
		for (const transport of ['websocket', 'polling']) {
			const { link } = await open({ transport });
			assert.equal(fact(link.facts, 'Largest packet'), '1,000 bytes');
			const big = JSON.stringify('x'.repeat(1000));
			await assert.rejects(link.send(draft('a', big)), /has 1,0\d\d bytes, and the server accepts 1,000\./);
			await assert.rejects(link.send(draft('a', 'x'.repeat(1001), { as: 'binary' })), /and the server accepts 1,000\./);
			assert.equal((await link.send(draft('a', '1'))).proof, 'handed-over');
			// The largest one that is accepted.
			const room = JSON.stringify('x'.repeat(900));
			assert.equal((await link.send(draft('echo', room, {}, 'request'))).proof, 'answered');
			await link.close();
		}
	});

	await t.test('many events by polling are posted within the limit', async () => {
		const { link } = await open({ transport: 'polling' });
		await server.received();
		await Promise.all(Array.from({ length: 50 }, (_, at) => link.send(draft('n', `[${at},"${'ä'.repeat(200)}"]`))));
		const got: unknown[] = [];
		await eventually('in order', async () => {
			got.push(...(await server.received()).map(({ args }) => args[0]));
			assert.deepEqual(
				got,
				Array.from({ length: 50 }, (_, at) => at),
			);
		});
		await link.close();
	});

	await t.test('an acknowledgement that comes late is said so, and still linked', async () => {
		const { link, recorded } = await open();
		server.kill('SIGSTOP');
		const sent = link.send(draft('echo', '1', { ackTimeout: 0.1 }, 'request'), {
			seq: 5,
			progress() {},
			signal: new AbortController().signal,
		});
		const receipt = await sent;
		server.kill('SIGCONT');
		assert.deepEqual([receipt.proof, receipt.text], ['handed-over', 'no acknowledgement within 0.1 s']);
		await eventually('linked', () => assert.equal(recorded.messages[0]?.answers, 5));
		await link.close();
	});

	await t.test('a volatile event is dropped while others wait', async () => {
		const { link } = await open({ transport: 'polling' });
		server.kill('SIGSTOP');
		const first = link.send(draft('a', '1'));
		const dropped = await link.send(draft('b', '1', { volatile: true }));
		server.kill('SIGCONT');
		assert.equal(dropped.proof, 'refused');
		assert.match(dropped.text, /volatile/);
		assert.equal((await first).proof, 'handed-over');
		assert.equal((await link.send(draft('c', '1', { volatile: true }))).proof, 'handed-over');
		await link.close();
	});

	await t.test('a namespace with a comma in the URL is refused before connecting', async () => {
		const { failure } = await refused({ adapter, profile: resolved('socketio', `${url}/a,b`) });
		assert.match(failure.message, /cannot contain a comma/);
	});

	await t.test('a second acceptance of the namespace does not end the reading', async () => {
		const { link, recorded } = await open();
		await server.raw('0{"sid":"again"}', '2["next"]');
		await eventually('received', () => assert.equal(recorded.messages[0]?.target, 'next'));
		await link.close();
	});

	await t.test('an event of a namespace that was left is not acknowledged, and the connection goes on', async () => {
		const { link, recorded } = await open();
		await link.subscribe?.({ target: '/extra' });
		await server.ask({ namespace: '/extra', name: 'question', args: [] });
		const question = await eventually('asked', () => {
			assert.ok(recorded.messages[0]);
			return recorded.messages[0];
		});
		await link.unsubscribe?.({ target: '/extra' });
		const act = { action: 'acknowledge', progress() {}, signal: new AbortController().signal, values: {} };
		await assert.rejects(
			async () => link.act?.({ ...act, messages: [{ seq: 0, ...question }] }),
			/not in the namespace "\/extra" any more/,
		);
		assert.equal((await link.send(draft('echo', '1', {}, 'request'))).proof, 'answered');
		await link.close();
	});

	await t.test('events of a namespace that holds are acknowledged after their outcome', async () => {
		const seqs: number[] = [];
		const session = realSession('socketio', {
			...{ url: `http://127.0.0.1:${server.port}`, secrets: { authToken: 'good' } },
			onMessage: ({ flags }, seq) => void (flags & flag.held && seqs.push(seq)),
		});
		try {
			await session.connect();
			const { holding } = await session.subscribe({ target: '/extra' }, {});
			assert.deepEqual([holding?.holds, holding?.repeats, holding?.survives], [true, false, false]);
			await server.acknowledged();
			await server.emit({ namespace: '/extra', name: 'plain', args: [] });
			for (const name of ['first', 'second']) await server.ask({ namespace: '/extra', name, args: [] });
			await eventually('held', () => assert.equal(session.status().held, 2));
			assert.equal(session.status().received, 3);
			session.settle(seqs.slice(1), 'again');
			session.settle(seqs.slice(0, 1), 'done');
			session.settle(seqs, 'done');
			await eventually('the first is acknowledged', async () => assert.deepEqual(await server.acknowledged(), [[]]));
			assert.equal(session.status().held, 0);
			const answer = await session.send(draft('echo', '1', {}, 'request'));
			assert.equal(answer.proof, 'answered');
			assert.deepEqual(await server.acknowledged(), [], 'and the second is not');
		} finally {
			session.dispose();
		}
	});

	await t.test('an end after more attachments than servers accept is explained', async () => {
		for (const transport of ['websocket', 'polling']) {
			const { link } = await open({ transport });
			const attachments = Array.from({ length: 11 }, () => ({ format: 'hex' as const, text: '01' }));
			const { proof } = await link.send(draft('echo', '', { attachments }, 'request'));
			assert.equal(proof, 'unknown');
			const end = await link.ended;
			assert.match(
				end?.remedy?.text ?? '',
				/^The last event had 11 attachments, and recent servers accept 10/,
				transport,
			);
		}
	});

	await t.test('an acknowledgement without its event is logged, and the connection goes on', async () => {
		const { link, recorded } = await open();
		await server.raw('399["late"]', '2["next"]');
		await eventually('received', () => assert.equal(recorded.messages.length, 2));
		assert.deepEqual(
			recorded.messages.map(({ target }) => target),
			['', 'next'],
		);
		await link.close();
	});
});

test('an overdue heartbeat ends the link by polling, with its interval', async (t) => {
	const server = await startSocketIoServer({ version: 4, pingInterval: 300, pingTimeout: 400 });
	t.after(() => server.stop());
	const { link } = await connect({
		adapter,
		profile: resolved('socketio', `http://127.0.0.1:${server.port}`, { transport: 'polling' }),
	});
	server.kill('SIGSTOP');
	assert.match(
		(await link.ended)?.message ?? '',
		/^The server sent nothing for [\d.]+ s, although it announced a heartbeat every 0\.3 s/,
	);
	server.kill('SIGCONT');
});

test('several servers behind a load balancer without sticky sessions', async (t) => {
	const server = createServer((request, response) => {
		if (!request.url?.includes('sid='))
			response.end('0{"sid":"a","upgrades":[],"pingInterval":1000,"pingTimeout":1000}');
		else response.writeHead(400).end('{"code":1,"message":"Session ID unknown"}');
	});
	t.after(() => server.close());
	const { failure } = await refused({
		adapter,
		profile: resolved('socketio', `http://127.0.0.1:${await listen(server)}`, { transport: 'polling' }),
	});
	assert.equal(failure.message, 'The server does not know the session that it has just opened.');
	assert.match(failure.remedy?.text ?? '', /sticky sessions/);
});

test('cookies that the server sets come back with each request, beside the headers of the profile', async (t) => {
	const cookies: (string | undefined)[] = [];
	const accepts = new Set<string | undefined>();
	const server = createServer((request, response) => {
		cookies.push(request.headers.cookie);
		accepts.add(request.headers.accept);
		if (request.url?.includes('sid=')) return;
		response.setHeader('set-cookie', ['lb=one; Path=/; HttpOnly', 'io=two']);
		response.end('0{"sid":"a","upgrades":[],"pingInterval":1000,"pingTimeout":1000}');
	});
	t.after(() => server.close());
	const profile = resolved('socketio', `http://127.0.0.1:${await listen(server)}`, {
		transport: 'polling',
		cookies: [
			['own', '1'],
			['lb', 'stale'],
		],
		headers: [['Accept', 'text/plain']],
	});
	await refused({ adapter, profile, deadline: 500 });
	assert.equal(cookies[0], 'own=1; lb=stale');
	assert.deepEqual([...accepts], ['text/plain']);
	assert.deepEqual([...new Set(cookies.slice(1))], ['own=1; lb=one; io=two']);
	server.closeAllConnections();
});

for (const version of [2, 3, 4] as const)
	test(`the protocol WebSocket recognizes Socket.IO ${version}`, async (t) => {
		const server = await startSocketIoServer({ version });
		t.after(() => server.stop());
		const url = `ws://127.0.0.1:${server.port}/socket.io/`;
		const { failure } = await refused({ adapter: webSocket, profile: resolved('websocket', url) });
		assert.equal(failure.message, 'This is a Socket.IO server, which refused a plain WebSocket.');
		assert.equal(failure.otherProtocol, 'socketio');
		const profile = resolved('websocket', `${url}?EIO=4&transport=websocket`);
		const { link, recorded } = await connect({ adapter: webSocket, profile });
		await eventually('noted', () => assert.match(recorded.notes[0] ?? '', /^The server speaks Socket\.IO/));
		link.destroy();
	});

for (const version of [2, 4] as const)
	test(`an event that version ${version} emits at once follows the connection`, async (t) => {
		const server = await startSocketIoServer({ version, greeting: 'hello' });
		t.after(() => server.stop());
		for (const transport of ['websocket', 'polling', 'upgrade']) {
			const profile = resolved('socketio', `http://127.0.0.1:${server.port}`, { transport });
			const { link, recorded } = await connect({ adapter, profile });
			assert.deepEqual(recorded.messages, [], transport);
			await eventually('received', () => assert.equal(recorded.messages[0]?.target, 'welcome'));
			await link.close();
		}
	});
