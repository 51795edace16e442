import type WebSocket from 'ws';
import { withDeadline } from '../../../base/deadline';
import { type Failure, fail, toFailure } from '../../../base/failure';
import type { Dialed } from '../../shared/dial/dial';
import type { Engine } from './engine';
import type { Http } from './http';
import type { OpenPacket } from './open-packet';
import type { PollingTransport } from './polling-transport';
import { dialAgain, type EngineRequest, webSocketOf } from './requests';
import { webSocketTransport } from './web-socket-transport';

/** Milliseconds that an upgrade may take. */
const upgradeWithin = 5000;

const refused = (text: string) => fail('upgrade-failed', text);

/**
 * Continues a session that was opened by polling over WebSocket. Returns why it stays with polling; throws a FailureError if
 * polling has been left and the session is lost.
 */
export async function upgrade(
	options: EngineRequest,
	http: Http,
	engine: Engine,
	{ sid }: OpenPacket,
	polling: PollingTransport,
): Promise<Failure | undefined> {
	const { address, opened } = options;
	const { revision } = engine;
	let dialed: Dialed | undefined;
	let webSocket: WebSocket;
	try {
		dialed = await dialAgain(options);
		const { socket, error } = dialed;
		const opening = webSocketOf(options, socket, error, http.headers(), revision, sid).then(probed);
		webSocket = await withDeadline(opening, upgradeWithin, () => refused('The server did not answer in time.'));
	} catch (error) {
		dialed?.socket.destroy();
		return toFailure(error);
	}
	const { socket, error } = dialed;
	try {
		await withDeadline(polling.leave(), upgradeWithin, () =>
			refused('The server did not end polling for the upgrade.'),
		);
		webSocket.send('5');
	} catch (failure) {
		socket.destroy();
		throw failure;
	}
	engine.switchTo(
		webSocketTransport({
			...{ socket: webSocket, stream: socket, error, peer: address, limit: opened.limit, revision: () => revision },
		}),
	);
	http.destroy();
	return undefined;
}

/** Resolves when the server has answered the probe; the WebSocket is paused again. */
function probed(webSocket: WebSocket): Promise<WebSocket> {
	return new Promise((resolve, reject) => {
		webSocket.once('close', () => reject(refused('The server closed the WebSocket.')));
		webSocket.once('message', (data: Buffer, isBinary) => {
			webSocket.pause();
			webSocket.removeAllListeners().on('error', () => {});
			if (!isBinary && data.toString('latin1', 0, 10) === '3probe') resolve(webSocket);
			else reject(refused('The server did not answer the probe.'));
		});
		webSocket.send('2probe');
		webSocket.resume();
	});
}
