import assert from 'node:assert/strict';
import test from 'node:test';
import type { LinkLife } from '../../../../src/protocols/shared/link-life';
import { createNamespaces } from '../../../../src/protocols/socketio/messages/namespaces';
import type { Engine } from '../../../../src/protocols/socketio/wire/engine';
import { readPacket } from '../../../../src/protocols/socketio/wire/packet';
import { type Revision, revision3, revision4 } from '../../../../src/protocols/socketio/wire/revision';

/** Namespaces of a session with the packets that they send, and what they report. */
function session(revision: Revision = revision4) {
	const sent: string[] = [];
	const reported: string[] = [];
	const engine: Pick<Engine, 'revision' | 'life' | 'send'> = {
		revision,
		life: { state: 'open' } as LinkLife,
		send: ({ text }) => void sent.push(String(text)),
	};
	const namespaces = createNamespaces({
		engine: engine as Engine,
		auth: { query: '' },
		hasSecret: false,
		accepted: ({ name }) => reported.push(`accepted ${name}`),
		disconnected: ({ name }) => reported.push(`disconnected ${name}`),
		reported: (text) => reported.push(text),
	});
	const receive = (text: string) => namespaces.received(readPacket(Buffer.from(text), 0));
	return { namespaces, receive, sent, reported };
}

test('namespace: a second acceptance changes nothing', async () => {
	const { namespaces, receive, reported } = session();
	const joined = namespaces.join('/');
	for (const sid of ['a', 'b']) receive(`0{"sid":"${sid}"}`);
	assert.equal((await joined).socketId, 'a');
	assert.deepEqual(reported, ['accepted /']);
});

test('namespace: one that is left before the answer is disconnected when the server has accepted it', async () => {
	const { namespaces, receive, sent } = session();
	const joined = namespaces.join('/x');
	namespaces.leave('/x');
	await assert.rejects(joined, /left before/);
	assert.deepEqual(sent, ['40/x,']);
	receive('0/x,{"sid":"a"}');
	assert.deepEqual([namespaces.get('/x'), sent.splice(0)], [undefined, ['40/x,', '41/x,']]);
	void namespaces.join('/x').catch(() => {});
	assert.deepEqual(sent, ['40/x,']);
});

test('namespace: one that is joined again before the answer is asked for once', async () => {
	const { namespaces, receive, sent } = session();
	const first = namespaces.join('/x');
	namespaces.leave('/x');
	await assert.rejects(first, /left before/);
	const second = namespaces.join('/x');
	receive('0/x,{"sid":"a"}');
	assert.deepEqual([(await second).socketId, sent], ['a', ['40/x,']]);
});

test('namespace: those that the server announces unasked are not kept', () => {
	for (const revision of [revision3, revision4] as const) {
		const { namespaces, receive } = session(revision);
		for (let at = 0; at < 100; at++) receive(`0/n${at},{"sid":"a"}`);
		assert.equal(namespaces.all.length, 0);
	}
});

test('namespace: version 2 connects the main one unasked and only once, so that it is not left', () => {
	const { namespaces, receive, sent } = session(revision3);
	receive('0');
	namespaces.leave('/');
	assert.deepEqual([namespaces.get('/')?.isConnected, sent], [true, []]);
});

test('namespace: an error in a connected one is reported, and the client stays connected', async () => {
	const { namespaces, receive, reported } = session(revision3);
	receive('0');
	receive('4"not this one"');
	receive('4{"code":7}');
	assert.deepEqual(reported.slice(1), [
		'The server reported an error in the namespace "/": "not this one".',
		'The server reported an error in the namespace "/": {"code":7}',
	]);
	assert.equal(namespaces.get('/')?.isConnected, true);
});
