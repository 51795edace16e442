import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import test from 'node:test';
import { socketPipe } from '../../../../src/protocols/shared/pipe';
import { listen } from '../../../support/net/listen';

const options = { error: () => undefined, peer: { host: 'localhost', port: 1 }, word: 'server' } as const;

test('a pipe that is ended again and again ends its socket once', () => {
	const socket = new Socket();
	let ends = 0;
	socket.end = () => {
		ends++;
		return socket;
	};
	const pipe = socketPipe(socket, options);
	for (let count = 0; count < 20; count++) pipe.end();
	assert.equal(ends, 1);
	pipe.write('x', (error) => assert.match(error?.message ?? '', /ended/));
	socket.destroy();
	assert.equal(socket.listenerCount('close'), 1);
});

test('a peer that writes when the pipe has ended still reads everything that was sent before', async (t) => {
	const server = createServer({ pauseOnConnect: true });
	t.after(() => server.close());
	const accepted = once(server, 'connection');
	const socket = connect(await listen(server), '127.0.0.1');
	const [peer] = (await accepted) as [Socket];
	let isReset = false;
	peer.on('error', () => {
		isReset = true;
	});
	const pipe = socketPipe(socket, options);
	const read: string[] = [];
	const closed = new Promise((resolve) => {
		pipe.listen({ data: (chunk) => void read.push(String(chunk)), closed: resolve });
	});
	pipe.write('acknowledged');
	pipe.end();
	await once(socket, 'finish');
	// A closed socket answers the first one with a reset, and the next one fails.
	for (let count = 0; count < 3; count++) await new Promise((resolve) => peer.write('answer', resolve));
	const received: string[] = [];
	peer.on('data', (chunk) => received.push(String(chunk)));
	peer.resume();
	await closed;
	assert.deepEqual(received, ['acknowledged']);
	assert.equal(isReset, false);
	assert.deepEqual(read, [], 'nothing is passed on behind the end');
});
