import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import test from 'node:test';
import { socketPipe } from '../../../../src/protocols/shared/pipe';

test('a pipe that is ended again and again adds no listeners to its socket', () => {
	const socket = new Socket();
	// A socket that has failed, but is not closed yet.
	Object.defineProperty(socket, 'writable', { value: false });
	const pipe = socketPipe(socket, { error: () => undefined, peer: { host: 'localhost', port: 1 }, word: 'server' });
	for (let count = 0; count < 20; count++) pipe.end();
	assert.equal(socket.listenerCount('finish'), 1);
	socket.destroy();
});
