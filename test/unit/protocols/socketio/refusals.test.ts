import assert from 'node:assert/strict';
import test from 'node:test';
import { explained, refusedAfterOpening, unanswered } from '../../../../src/protocols/socketio/wire/refusals';

const refused = (evidence: string) => explained({ code: 'upgrade-refused', message: 'Refused.', evidence });

test('refusal: the error in the body of an Engine.IO server counts', () => {
	assert.equal(refused('HTTP 400 Bad\n\n{"code":4,"message":"Forbidden"}').code, 'credentials-refused');
	assert.equal(refused('HTTP 400 Bad\n\nUnsupported protocol version').code, 'version-refused');
});

test('refusal: statuses of servers without Socket.IO', () => {
	assert.match(refused('HTTP 404 Not Found').message, /no Socket\.IO at this path/);
	const only = refused('HTTP 426 Upgrade Required');
	assert.deepEqual([only.code, only.otherProtocol], ['not-socketio', 'websocket']);
});

test('refusal: a connection that is closed during the upgrade is about the path', () => {
	const dropped = { code: 'handshake-dropped', message: 'Closed during the WebSocket handshake.' };
	assert.match(explained(dropped).remedy?.text ?? '', /usually \/socket\.io\/, its port/);
	assert.match(unanswered(dropped, false).remedy?.text ?? '', /usually \/socket\.io\//);
	// The address has worked before.
	const later = unanswered(dropped, true);
	assert.deepEqual([later.message, later.remedy], ['Closed before it answered a request.', undefined]);
});

test('refusal: another server is not measured by WebSocket', () => {
	const foreign = { code: 'not-socketio', message: 'This is an SSH server, not a WebSocket server.' };
	assert.equal(explained(foreign).message, 'This is an SSH server, not a Socket.IO server.');
});

test('refusal: an answer in the open WebSocket has its lines as evidence', () => {
	const { code, evidence } = refusedAfterOpening('HTTP/1.1 400 Bad Request\r\n\r\nUnsupported protocol version');
	assert.deepEqual([code, evidence], ['version-refused', 'HTTP/1.1 400 Bad Request\n\nUnsupported protocol version']);
});
