import assert from 'node:assert/strict';
import test from 'node:test';
import { adapter } from '../../../src/protocols/socketio/adapter';
import { wantsAck } from '../../../src/protocols/socketio/describe/flags';
import { decodeMeta } from '../../../src/protocols/socketio/describe/message-meta';
import { eventually } from '../../support/run/eventually';
import { startSocketIoServer } from '../../support/servers/socketio/socketio-server';
import { connect, type Recorded, refused, resolved, type TestLink } from '../suite/attempt';

const versions = { 2: '2', 3: '3, or 4 before 4.5', 4: '4' } as const;
const transports = {
	websocket: ['WebSocket', 'websocket'],
	polling: ['polling', 'polling'],
	upgrade: ['WebSocket, upgraded from polling', 'websocket'],
} as const;
const signal = new AbortController().signal;

function factOf(link: TestLink, label: string): string | undefined {
	return link.facts.find((one) => one.label === label)?.value;
}

async function arrived(recorded: Recorded, count: number) {
	await eventually('received', () => assert.equal(recorded.messages.length, count));
	return recorded.messages;
}

for (const [version, words] of Object.entries(versions))
	test(`Socket.IO ${version}`, async (t) => {
		const server = await startSocketIoServer({ version: Number(version) as 2 | 3 | 4 });
		t.after(() => server.stop());
		const url = `http://127.0.0.1:${server.port}`;
		for (const [transport, [fact, atServer]] of Object.entries(transports))
			await t.test(transport, async (inner) => {
				const { link, recorded } = await connect({ adapter, profile: resolved('socketio', url, { transport }) });
				inner.after(() => link.destroy());

				assert.equal(factOf(link, 'Server version'), words);
				assert.equal(factOf(link, 'Transport'), fact);
				assert.deepEqual(await server.transports(), [atServer]);

				// Digits, spaces and order are kept, attachments stay in their places.
				const list =
					'["odd/näme 😀", 1.50, 12345678901234567890,{"b":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}]';
				await server.raw(`52-${list}`, Buffer.of(1, 2, 255), Buffer.alloc(0));
				await server.raw('2["empty"]', '2/extra,["elsewhere"]');
				const [odd, empty] = await arrived(recorded, 2);
				assert.equal(odd?.target, 'odd%2Fnäme 😀');
				assert.equal(odd.payload.toString(), list.replace('"odd/näme 😀",', ''));
				const parts = decodeMeta(odd.meta as Uint8Array).attachments.map((part) => Buffer.from(part).toString('hex'));
				assert.deepEqual(parts, ['0102ff', '']);
				assert.deepEqual([empty?.target, empty?.payload.toString()], ['empty', '[]']);

				// The same list is sent again.
				await server.received();
				await link.send({
					...{ verb: 'emit', target: odd.target, payload: odd.payload },
					values: {
						attachments: [
							{ format: 'hex', text: '01 02 ff' },
							{ format: 'hex', text: '' },
						],
					},
				});
				await eventually('the server has it', async () => {
					const [event] = await server.received();
					assert.equal(event?.name, 'odd/näme 😀');
					const [half, , { b } = { b: undefined }, bytes] = event.args as [
						number,
						number,
						{ b: unknown }?,
						Uint8Array?,
					];
					assert.equal(half, 1.5);
					assert.deepEqual(
						[Buffer.from(b as Uint8Array).length, Buffer.from(bytes ?? []).toString('hex')],
						[0, '0102ff'],
					);
				});

				// An acknowledgement of the server, with an attachment.
				const draft = {
					verb: 'request',
					target: 'echo',
					payload: Buffer.from('["é"]'),
					values: { attachments: [{ format: 'hex', text: '07' }] },
				} as const;
				const receipt = await link.send(
					{ ...draft, values: { attachments: [...draft.values.attachments] } },
					{ seq: 77, progress() {}, signal },
				);
				assert.equal(receipt.proof, 'answered');
				assert.match(receipt.text, /^acknowledged in [\d.]+ ms$/);
				const answer = (await arrived(recorded, 3))[2];
				assert.deepEqual([answer?.answers, answer?.target], [77, 'echo']);
				assert.equal(answer?.payload.toString(), '["é",{"_placeholder":true,"num":0}]');

				// An acknowledgement of ours.
				await server.ask({ name: 'question', args: [1] });
				const question = (await arrived(recorded, 4))[3];
				assert.ok(question && wantsAck(question.flags));
				assert.deepEqual(recorded.settlements.at(-1)?.[1].open, true);
				const act = {
					...{ action: 'acknowledge', progress() {}, signal },
					messages: [{ seq: 3, ...question }],
					values: { arguments: '{"ok":true}', attachments: [{ format: 'hex' as const, text: '09' }] },
				};
				await link.act?.(act);
				await eventually('acknowledged', async () => {
					const [args] = await server.acknowledged();
					assert.deepEqual(args?.[0], { ok: true });
					assert.equal(Buffer.from(args?.[1] as Uint8Array).toString('hex'), '09');
				});
				assert.deepEqual(recorded.settlements.at(-1), [3, { open: false, text: 'acknowledged' }]);
				assert.equal(
					(await arrived(recorded, 5))[4]?.payload.toString(),
					'[{"ok":true},{"_placeholder":true,"num":0}]',
				);
				await assert.rejects(async () => link.act?.(act), /cannot be acknowledged any more/);

				// Several namespaces over one connection.
				const first = { verb: 'emit', target: 'extra/first', payload: Buffer.from('1'), values: {} };
				assert.match((await link.send(first)).text, /, after joining "\/extra"$/);
				assert.doesNotMatch((await link.send(first)).text, /joining/);
				for (const target of ['/extra', 'chat/room']) await link.subscribe?.({ target });
				await assert.rejects(async () => link.subscribe?.({ target: '/missing' }), /has no namespace "\/missing"/);
				await assert.rejects(
					async () => link.subscribe?.({ target: '/private' }),
					/refused the namespace "\/private": "members only"/,
				);
				await server.emit(
					{ namespace: '/chat/room', name: 'said', args: ['hi'] },
					{ namespace: '/extra', name: 'tick', args: [] },
				);
				const [said, tick] = (await arrived(recorded, 7)).slice(5);
				assert.deepEqual([said?.target, tick?.target], ['chat/room/said', 'extra/tick']);
				await server.received();
				await link.send({ verb: 'emit', target: 'chat/room/say', payload: Buffer.from('"hi"'), values: {} });
				await eventually('the namespace has it', async () =>
					assert.deepEqual(await server.received(), [{ namespace: '/chat/room', name: 'say', args: ['hi'] }]),
				);
				await server.disconnect('/extra');
				await eventually('the end of the namespace is told', () =>
					assert.match(
						recorded.changes[0]?.failure?.message ?? '',
						/disconnected this client from the namespace "\/extra"/,
					),
				);

				await link.close();
				assert.equal(await link.ended, undefined);
				await eventually('the reason at the server', async () =>
					assert.equal(await server.reason(), 'client namespace disconnect'),
				);
				await eventually('no client left', async () => assert.equal(await server.connections(), 0));
			});

		await t.test('the namespace of the URL, its query, headers and cookies', async (inner) => {
			const values = {
				headers: [['X-Test', 'a']] as [string, string][],
				cookies: [['c', '1']] as [string, string][],
				query: [['q', 'ä&']] as [string, string][],
			};
			const { link, recorded } = await connect({
				adapter,
				profile: resolved('socketio', `${url}/chat/room?room=1&EIO=9`, values),
			});
			inner.after(() => link.destroy());
			assert.equal(factOf(link, 'Namespace'), '/chat/room');
			const [headers, query] = [await server.headers(), await server.query()];
			assert.deepEqual([headers['x-test'], headers.cookie], ['a', 'c=1']);
			assert.deepEqual([query.room, query.q], ['1', 'ä&']);
			await server.emit({ namespace: '/chat/room', name: 'a', args: [] });
			assert.equal((await arrived(recorded, 1))[0]?.target, 'chat/room/a');
			await server.disconnect('/chat/room');
			const end = await link.ended;
			assert.deepEqual([end?.code, end?.final], ['disconnected-by-server', true]);
		});

		await t.test('a namespace that is refused or missing is told in one sentence', async () => {
			const missing = await refused({ adapter, profile: resolved('socketio', `${url}/missing`) });
			assert.equal(missing.failure.message, 'The server has no namespace "/missing".');
			const secret = await refused({ adapter, profile: resolved('socketio', `${url}/private`) });
			assert.equal(secret.failure.message, 'The server refused the namespace "/private": "members only".');
			await eventually('no client left', async () => assert.equal(await server.connections(), 0));
		});
	});
