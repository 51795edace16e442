import { type Failure, toFailure } from '../../../base/failure';
import type { Http } from './http';
import { encodeUnit, joinPackets, payloadReader } from './payloads';
import type { Revision } from './revision';
import type { Transport, TransportListener, Unit } from './transport';

export interface PollingOptions {
	http: Http;
	/** Path and query of the session's requests. */
	path: string;
	revision: Revision;
	/** Largest packet accepted, in bytes. */
	limit: number;
	/** Largest body that the server accepts, in bytes; undefined: it has not said so. */
	maxPayload?: number;
	/** Packets that came with the answer to the handshake. */
	first: readonly Received[];
}

export type Received = { bytes: Buffer; isBinary: boolean };

export interface PollingTransport extends Transport {
	/** Ends polling for another transport. Resolves when no request is under way. */
	leave(): Promise<void>;
}

const endPacket = '1';

interface Queued {
	packets: string[];
	size: number;
	done?: (error?: Error | null) => void;
}

/** Engine.IO over HTTP: one GET waits for packets of the server, one POST at a time carries those to it. */
export function pollingTransport(options: PollingOptions): PollingTransport {
	const { http, path, revision, limit, maxPayload = Number.POSITIVE_INFINITY } = options;
	let listener: TransportListener | undefined;
	let state: 'open' | 'leaving' | 'ending' | 'ended' = 'open';
	let queue: Queued[] = [];
	let waiting = 0;
	let isPolling = false;
	let isPosting = false;
	let left: (() => void) | undefined;
	let ended: (() => void) | undefined;

	function end(failure: Failure): void {
		if (state === 'ended') return;
		state = 'ended';
		http.destroy();
		listener?.ended(failure);
	}

	function settle(): void {
		if (state === 'leaving' && !isPolling && !isPosting && queue.length === 0) left?.();
		if (state === 'ending' && !isPosting && queue.length === 0) ended?.();
	}

	async function poll(): Promise<void> {
		isPolling = true;
		try {
			while (state === 'open' || state === 'ending') {
				const reader = payloadReader(revision, limit, {
					text: (bytes) => listener?.text(bytes),
					binary: (bytes) => listener?.binary(bytes),
				});
				await http.request({
					...{ method: 'GET', path },
					data(chunk) {
						listener?.heard();
						reader.push(chunk);
					},
				});
				reader.end();
			}
		} catch (error) {
			end(toFailure(error));
		} finally {
			isPolling = false;
			settle();
		}
	}

	/** As many packets as the server accepts in one body; a unit is never split. */
	function nextBody(): { body: Buffer; taken: Queued[] } {
		const taken: Queued[] = [];
		let size = 0;
		for (const one of queue) {
			// A server acts on the end of the session before the packets that came with it.
			if (taken.length > 0 && (size + one.size > maxPayload || one.packets[0] === endPacket)) break;
			taken.push(one);
			size += one.size;
		}
		queue = queue.slice(taken.length);
		return {
			body: joinPackets(
				taken.flatMap(({ packets }) => packets),
				revision,
			),
			taken,
		};
	}

	async function post(): Promise<void> {
		if (isPosting) return;
		isPosting = true;
		try {
			while (queue.length > 0 && state !== 'ended') {
				const { body, taken } = nextBody();
				await http.request({ method: 'POST', path, body, data: () => listener?.heard() });
				for (const { size, done } of taken) {
					waiting -= size;
					done?.();
				}
			}
		} catch (error) {
			end(toFailure(error));
		} finally {
			isPosting = false;
			settle();
		}
	}

	function send(unit: Unit, done?: Queued['done']): void {
		const packets = encodeUnit(unit, revision);
		// Each packet takes a separator or a length.
		const size = packets.reduce((sum, packet) => sum + Buffer.byteLength(packet) + 12, 0);
		queue.push({ packets, size, done });
		waiting += size;
		void post();
	}

	return {
		name: 'polling',
		get waiting() {
			return waiting;
		},
		listen(to) {
			listener = to;
			for (const { bytes, isBinary } of options.first) {
				if (isBinary) to.binary(bytes);
				else to.text(bytes);
			}
			if (state === 'open') void poll();
		},
		send,
		pause: http.pause,
		resume: http.resume,
		async leave() {
			state = 'leaving';
			await new Promise<void>((resolve) => {
				left = resolve;
				settle();
			});
			if (state === 'leaving') state = 'ended';
		},
		end() {
			if (state !== 'open') return;
			state = 'ending';
			send({ text: endPacket });
			ended = () => end({ code: 'closed', message: 'The connection was closed.' });
		},
		destroy() {
			state = 'ended';
			http.destroy();
		},
	};
}
