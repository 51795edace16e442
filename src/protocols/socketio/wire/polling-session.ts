import { FailureError } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { type Endpoint, requestPath } from '../settings';
import { type OpenPacket, readOpen } from './engine';
import type { Http } from './http';
import { payloadReader } from './payloads';
import { type PollingTransport, pollingTransport, type Received } from './polling-transport';
import { type Revision, revision3, revision4 } from './revision';

export interface PollingSession {
	revision: Revision;
	open: OpenPacket;
	/** Packets of the first answer. */
	first: Received[];
}

/** Largest first answer, in bytes. */
const maxFirst = 1024 * 1024;

const parametersOf = (revision: Revision): Record<string, string> => ({
	EIO: String(revision),
	transport: 'polling',
	// Asks a server of revision 3 for text, in which binary packets are Base64.
	...(revision === revision3 && { b64: '1' }),
});

/** Opens a session by polling, as `wanted`. The answer shows the revision of the server. Throws a FailureError. */
export async function openPolling(http: Http, endpoint: Endpoint, wanted: Revision): Promise<PollingSession> {
	const chunks: Buffer[] = [];
	let size = 0;
	await http.request({
		...{ method: 'GET', path: requestPath(endpoint, parametersOf(wanted)) },
		data(chunk) {
			size += chunk.length;
			if (size > maxFirst) throw notPayload(Buffer.concat(chunks));
			chunks.push(chunk);
		},
	});
	const body = Buffer.concat(chunks);
	const revision = /^\d+:0\{/.test(body.toString('latin1', 0, 20)) ? revision3 : revision4;
	if (revision === revision4 && body.toString('latin1', 0, 2) !== '0{') throw notPayload(body);
	const first: Received[] = [];
	const reader = payloadReader(revision, maxFirst, {
		text: (bytes) => first.push({ bytes: Buffer.from(bytes), isBinary: false }),
		binary: (bytes) => first.push({ bytes: Buffer.from(bytes), isBinary: true }),
	});
	reader.push(body);
	reader.end();
	return { revision, open: readOpen(first[0]?.bytes ?? Buffer.alloc(0)), first };
}

const sessionPath = (endpoint: Endpoint, revision: Revision, { sid }: OpenPacket) =>
	requestPath(endpoint, { ...parametersOf(revision), sid });

/** Closes a session that was opened to look at the server. Failures are ignored: it ends by itself then. */
export async function closePolling(http: Http, endpoint: Endpoint, { revision, open }: PollingSession): Promise<void> {
	const body = Buffer.from(revision === revision3 ? '1:1' : '1');
	const path = sessionPath(endpoint, revision, open);
	await http.request({ method: 'POST', path, body, data() {} }).catch(() => {});
}

/** `limit`: largest packet accepted, in bytes. */
export function pollingOf(http: Http, endpoint: Endpoint, session: PollingSession, limit: number): PollingTransport {
	const { revision, open, first } = session;
	const path = sessionPath(endpoint, revision, open);
	return pollingTransport({ http, path, revision, limit, maxPayload: open.maxPayload, first });
}

function notPayload(body: Buffer): FailureError {
	return new FailureError({
		code: 'not-socketio',
		message: 'This is a web server, but its answer is not that of a Socket.IO server.',
		evidence: `it begins with ${peerText(body.toString('utf8', 0, 100))}`,
		remedy: { text: 'Check the path of the connection, usually /socket.io/.' },
		final: true,
	});
}
