import { FailureError } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import type { Http } from './http';
import { type OpenPacket, readOpen } from './open-packet';
import { payloadReader } from './payloads';
import { type PollingTransport, pollingTransport, type Received } from './polling-transport';
import { type Revision, revision3, revision4 } from './revision';

export interface PollingSession {
	revision: Revision;
	open: OpenPacket;
	/** Path and query of its requests. */
	path: string;
	/** Packets of the first answer. */
	first: Received[];
}

/** Largest first answer, in bytes. */
const maxFirst = 1024 * 1024;

/** Opens a session by polling at `path`. The answer shows the revision of the server. Throws a FailureError. */
export async function openPolling(http: Http, path: string): Promise<PollingSession> {
	const chunks: Buffer[] = [];
	let size = 0;
	await http.request({
		...{ method: 'GET', path },
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
	const open = readOpen(first[0]?.bytes ?? Buffer.alloc(0));
	return { revision, open, path: `${path}&sid=${encodeURIComponent(open.sid)}`, first };
}

/** Closes a session that was opened to look at the server. Failures are ignored: it ends by itself then. */
export async function closePolling(http: Http, { path, revision }: PollingSession): Promise<void> {
	const body = Buffer.from(revision === revision3 ? '1:1' : '1');
	await http.request({ method: 'POST', path, body, data() {} }).catch(() => {});
}

/** `limit`: largest packet accepted, in bytes. */
export function pollingOf(
	http: Http,
	{ path, revision, open, first }: PollingSession,
	limit: number,
): PollingTransport {
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
