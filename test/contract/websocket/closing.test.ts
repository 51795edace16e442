import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/websocket/adapter';
import type { CloseMeta } from '../../../src/protocols/websocket/describe/flags';
import { eventually } from '../../support/run/eventually';
import { startWebSocketServer } from '../../support/servers/websocket/websocket-server';
import { connect, refused, resolved } from '../suite/attempt';

const draft = (values: Values, payload = '') => ({ verb: 'close', target: '', values, payload: Buffer.from(payload) });

test('closing with a code and a reason', async (t) => {
	const server = await startWebSocketServer();
	t.after(() => server.stop());
	const profile = resolved('websocket', `ws://127.0.0.1:${server.port}`);
	const open = async () => (await connect({ adapter, profile })).link;

	await t.test('the receipt has the code of the server’s close frame, and the connection stays closed', async () => {
		const link = await open();
		const sent = draft({ code: 4404, reason: 'no such fíeld' });
		const { logged, meta } = link.prepare(sent);
		assert.equal(Buffer.from(logged?.payload ?? []).toString(), '4404 no such fíeld');
		assert.deepEqual(meta as CloseMeta, { code: 4404, reason: 'no such fíeld' });
		const receipt = await link.send(sent);
		assert.equal(receipt.proof, 'answered');
		assert.match(receipt.text, /^answered in [\d.]+ ms with code 4404, probably: not found$/);
		const end = await link.ended;
		assert.match(end?.message ?? '', /^You closed the connection with code 4404.* The server answered with code 4404/);
		assert.deepEqual([end?.final, end?.end?.code, end?.end?.normal], [true, '4404', true]);
		await eventually('the server has no connection', async () => assert.equal(await server.connections(), 0));
		await assert.rejects(link.send(draft({})), (error) => error instanceof FailureError);
	});

	await t.test('without fields it is a normal closure', async () => {
		const link = await open();
		assert.match((await link.send(draft({}))).text, /with code 1000, normal closure$/);
	});

	await t.test('a server that does not answer is said so', async () => {
		const link = await open();
		await server.kill('SIGSTOP');
		const receipt = await link.send(draft({ code: 3000 }));
		await server.kill('SIGCONT');
		assert.equal(receipt.proof, 'handed-over');
		assert.match(receipt.text, /^no close frame from the server within/);
		assert.match((await link.ended)?.message ?? '', /The server did not answer\.$/);
	});

	const long = 'ü'.repeat(62);
	const wrong: [title: string, values: Values, payload: string, code: string][] = [
		['a code that only a protocol may use', { code: 1001 }, '', 'bad-close-code'],
		['a reason of more than 123 bytes', { code: 4000, reason: long }, '', 'reason-too-long'],
		['a payload', { code: 4000 }, 'text', 'has-payload'],
	];
	for (const [title, values, payload, code] of wrong)
		await t.test(`${title} is refused, and the connection stays open`, async () => {
			const link = await open();
			await assert.rejects(
				link.send(draft(values, payload)),
				(error) => error instanceof FailureError && error.failure.code === code,
			);
			assert.equal(await server.connections(), 1);
			await link.close();
		});

	await t.test('a server that chooses none of the subprotocols is refused, with the offered ones', async () => {
		const { failure } = await refused({ adapter, profile, values: { subprotocols: ['mqtt', 'graphql-ws'] } });
		assert.equal(failure.code, 'no-subprotocol');
		assert.equal(failure.message, 'The server chose none of the offered subprotocols: mqtt, graphql-ws.');
	});
});
