import { FailureError, toFailure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { notOpen, silent } from '../../shared/failures';
import { createGreetingCheck } from '../../shared/foreign-server';
import { createLinkLife, type LinkLife } from '../../shared/link-life';
import { type Liveness, quietFor, watchLiveness } from '../../shared/liveness';
import { peerText } from '../../shared/peer-text';
import type { Pipe } from '../../shared/pipe';
import { sample } from '../describe/describe';
import { encode, type Frame, frameType, readFrames, violation } from './frames';

/** Milliseconds that a goodbye may take. */
const goodbyeWithin = 500;

export interface Request {
	type: number;
	urgent?: boolean;
	target?: string;
	payload?: Uint8Array;
}

/** The server's answer to a request, with its text for evidence. */
export interface Answer {
	isAccepted: boolean;
	text: string;
}

export interface Connection {
	readonly life: LinkLife;
	/** Bytes that wait because the server does not read. */
	readonly waiting: number;
	/** Sends a request. Throws `not-open`, or the reason for the end of the connection when that comes before the answer. */
	ask(request: Request): Promise<Answer>;
	/** From now on, messages are passed to `message`, and the server is pinged; `pingEvery` in milliseconds, 0: never. */
	start(message: (frame: Frame) => void, pingEvery: number): void;
	unfinished(): Unfinished | undefined;
}

interface Waiting {
	resolve(answer: Answer): void;
	reject(error: FailureError): void;
}

/** `limit`: of one message, in bytes. */
export function createConnection(pipe: Pipe, limit: number): Connection {
	const waiting = new Map<number, Waiting>();
	let lastId = 0;
	let liveness: Liveness | undefined;
	let onMessage = (_: Frame): void => {
		throw violation('The server sent a message before it answered the handshake.');
	};
	const life = createLinkLife({
		goodbyeWithin,
		goodbye: () => pipe.end(),
		destroyed() {
			liveness?.stop();
			pipe.destroy();
		},
	});
	void life.ended.then((failure) => {
		const reason = failure ?? { code: 'closed', message: 'The connection was closed.' };
		for (const { reject } of waiting.values()) reject(new FailureError(reason));
		waiting.clear();
	});

	function receive(frame: Frame): void {
		// The log may end the link while the rest of a chunk is read.
		if (life.state === 'ended') return;
		const { type, id, payload } = frame;
		if (type === frameType.message) {
			onMessage(frame);
			return;
		}
		const request = waiting.get(id);
		if (!request || (type !== frameType.accepted && type !== frameType.refused))
			throw violation('The server sent a frame that answers no request.', `type ${type}, id ${id}`);
		waiting.delete(id);
		request.resolve({
			isAccepted: type === frameType.accepted,
			text: peerText(Buffer.from(payload).toString(), { most: 200 }),
		});
	}

	const checkGreeting = createGreetingCheck({
		protocol: sample,
		server: 'a Sample server',
		// The highest byte of a length below 16 MiB.
		starts: (head) => head.startsWith('\0'),
	});
	const framer = readFrames(limit, receive);
	pipe.listen({
		data(chunk) {
			if (life.state === 'ended') return;
			liveness?.heard();
			try {
				const bytes = checkGreeting(chunk);
				if (bytes) framer.push(bytes);
			} catch (error) {
				life.end(toFailure(error));
			}
		},
		closed: (failure) => life.end(failure),
	});

	async function ask({ type, urgent = false, target = '', payload = new Uint8Array() }: Request): Promise<Answer> {
		if (life.state !== 'open') throw notOpen();
		const id = ++lastId;
		pipe.write(encode({ type, urgent, id, target, payload }));
		return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
	}

	return {
		life,
		get waiting() {
			return pipe.waiting;
		},
		ask,
		start(message, pingEvery) {
			onMessage = message;
			if (pingEvery === 0) return;
			liveness = watchLiveness({
				...quietFor(pingEvery),
				beat: pingEvery,
				// The end of the connection is reported by `life`.
				probe: () => void ask({ type: frameType.ping }).catch(() => {}),
				dead: (waited) => life.end(silent('server', waited)),
			});
		},
		unfinished: framer.unfinished,
	};
}
