import { type Failure, fail } from '../../../base/failure';
import { type Draft, flag, type Receipt } from '../../../model/contracts/message';
import { bytesListOf } from '../../../model/profile/bytes-value';
import { formatCount } from '../../../model/text/words';
import type { Prepared, Sending as Sent, Sink } from '../../adapter';
import { notOpen, refuseWhenFull } from '../../shared/failures';
import { type OpenReceipt, Receipts } from '../../shared/receipts';
import { numberValue, textValue } from '../../shared/values';
import { type Arguments, toArguments } from '../describe/arguments';
import { sioFlag } from '../describe/flags';
import { encodeMeta } from '../describe/message-meta';
import { parseTarget, targetOf } from '../describe/target';
import type { Engine } from '../wire/engine';
import { packetType, writeHead } from '../wire/packet';
import type { Namespace, Namespaces } from './namespaces';

export interface PreparedEvent extends Prepared {
	namespace: string;
	event: string;
	args: Arguments;
	target: string;
	/** Milliseconds to wait for an acknowledgement; undefined: none is asked for. */
	ackWithin?: number;
	isVolatile: boolean;
}

export interface SendingOptions {
	engine: Engine;
	namespaces: Namespaces;
	sink: Sink;
	/** Bytes of the largest packet that the server accepts; undefined: not said. */
	maxPayload?: number;
}

export interface Sending {
	/** Throws why the draft cannot be sent. The session has checked it against the description. */
	prepare(draft: Draft): PreparedEvent;
	/** Throws `not-open`, or the refusal of a namespace that has to be joined first. */
	send(prepared: PreparedEvent, sending?: Sent): Promise<Receipt>;
	/** An acknowledgement has come. */
	answered(namespace: string, id: string): { seq?: number; target: string } | undefined;
	/** Answers a received event, and logs it. Throws a FailureError. */
	acknowledge(namespace: string, id: string, target: string, args: Arguments): Promise<void>;
	/** Adds to the reason for the end of the link the usual limit that the last event has exceeded. */
	explained(failure: Failure): Failure;
	/** The link has ended: receipts without proof become `unknown`. */
	stop(): void;
}

interface Request {
	seq?: number;
	target: string;
	receipt: OpenReceipt;
	/** As of `sendEvent`. */
	after: string;
}

/** Requests that are remembered for acknowledgements that come late. */
const maxRequests = 10_000;
const seconds = (ms: number) => ms / 1000;

/** Limits of recent servers unless they set others; servers end the connection above them without a reason. */
const usualAttachments = 10;
const usualBytes = 1_000_000;
/** Milliseconds in which a server ends a connection because of a packet. */
const endsWithin = 5000;
const cutOff = new Set(['closed-by-server', 'handshake-dropped', 'reset']);

export function createSending({ engine, namespaces, sink, maxPayload }: SendingOptions): Sending {
	const receipts = new Receipts();
	/** By namespace and id. */
	const requests = new Map<string, Request>();
	let last: { at: number; bytes: number; attachments: number } | undefined;
	const keyOf = (namespace: string, id: string) => `${namespace},${id}`;

	function requireOpen(): void {
		if (engine.life.state !== 'open') throw notOpen();
	}

	function refuseTooLarge(what: string, size: number): void {
		if (maxPayload === undefined || size <= maxPayload) return;
		throw fail(
			'message-too-large',
			`${what} has ${formatCount(size)} bytes, and the server accepts ${formatCount(maxPayload)}.`,
		);
	}

	/** Throws where a packet exceeds the limit of the server, or too much waits already. */
	function refuseUnsendable({ list, attachments }: Arguments, around: number): void {
		const size = list.length + around;
		const all = attachments.reduce((sum, { length }) => sum + length, size);
		refuseWhenFull('server', engine.transport.waiting, all);
		if (engine.transport.name === 'polling') {
			const encoded = attachments.reduce((sum, { length }) => sum + Math.ceil(length / 3) * 4 + 4, size);
			refuseTooLarge(attachments.length > 0 ? 'The event, with its attachments in Base64,' : 'The event', encoded);
			return;
		}
		refuseTooLarge('The event', size);
		for (const [at, { length }] of attachments.entries()) refuseTooLarge(`Attachment ${at}`, length);
	}

	function write(text: Buffer, { attachments }: Arguments, done?: (error?: Error | null) => void): void {
		const bytes = attachments.reduce((most, { length }) => Math.max(most, length), text.length);
		last = { at: performance.now(), bytes, attachments: attachments.length };
		engine.send({ text, attachments }, done);
	}

	/** The packet of an event, or of an acknowledgement without a name. */
	function packetOf(type: number, namespace: string, id: string | undefined, args: Arguments, event?: string): Buffer {
		const { length } = args.attachments;
		const binaryType = type === packetType.ack ? packetType.binaryAck : packetType.binaryEvent;
		const head = `4${writeHead({ type: length > 0 ? binaryType : type, attachments: length, namespace, id })}`;
		if (event === undefined) return Buffer.concat([Buffer.from(head), args.list]);
		const name = `${head}[${JSON.stringify(event)}`;
		return Buffer.concat([Buffer.from(args.list.length === 2 ? name : `${name},`), args.list.subarray(1)]);
	}

	/** `after`: what was done before, in words for the receipt. */
	function sendEvent(
		namespace: Namespace,
		prepared: PreparedEvent,
		sending: Sent | undefined,
		after: string,
	): Promise<Receipt> {
		const { args, event, target, ackWithin } = prepared;
		const receipt = receipts.open();
		if (prepared.isVolatile && engine.transport.waiting > 0) {
			receipt.settle('refused', 'not sent: earlier messages still wait for the network, and the event is volatile');
			return receipt.promise;
		}
		const id = ackWithin === undefined ? undefined : String(namespace.nextAck++);
		if (id !== undefined && ackWithin !== undefined) {
			if (requests.size >= maxRequests) requests.delete(requests.keys().next().value ?? '');
			requests.set(keyOf(namespace.name, id), { seq: sending?.seq, target, receipt, after });
			receipt.within(ackWithin, () =>
				receipt.settle('handed-over', `no acknowledgement within ${seconds(ackWithin)} s${after}`),
			);
			receipt.onAbort(sending?.signal, () => receipt.settle('handed-over', 'the acknowledgement was not waited for'));
		}
		const text = packetOf(packetType.event, namespace.name, id, args, event);
		write(text, args, (error) => {
			if (error || id !== undefined || engine.life.state === 'ended') return;
			const by = engine.transport.name === 'polling' ? 'taken by the server' : 'handed to the network';
			receipt.settle('handed-over', (ms) => `${by} in ${ms} ms (without an acknowledgement)${after}`);
		});
		return receipt.promise;
	}

	return {
		prepare({ verb, target: written, payload, values }) {
			requireOpen();
			const { namespace, event } = parseTarget(written);
			const args = toArguments(payload, textValue(values, 'as') ?? 'list', bytesListOf(values.attachments));
			refuseUnsendable(args, namespace.length + Buffer.byteLength(event) + 40);
			const isVolatile = values.volatile === true;
			const target = targetOf({ namespace, event });
			const meta = encodeMeta(undefined, args.attachments);
			return {
				...{ namespace, event, args, target, isVolatile },
				...(verb === 'request' && { ackWithin: (numberValue(values, 'ackTimeout') ?? 10) * 1000 }),
				flags:
					(verb === 'request' ? sioFlag.wantsAck : 0) |
					(args.attachments.length > 0 ? sioFlag.binary : 0) |
					(isVolatile ? sioFlag.volatile : 0),
				...(meta && { meta }),
				logged: { target, payload: args.list },
			};
		},
		async send(prepared, sending) {
			requireOpen();
			const joined = namespaces.get(prepared.namespace);
			if (joined?.isConnected) return sendEvent(joined, prepared, sending, '');
			const namespace = await namespaces.join(prepared.namespace);
			requireOpen();
			return sendEvent(namespace, prepared, sending, `, after joining ${JSON.stringify(namespace.name)}`);
		},
		answered(namespace, id) {
			const key = keyOf(namespace, id);
			const request = requests.get(key);
			if (!request) return undefined;
			requests.delete(key);
			last = undefined;
			// After the acknowledgement is logged.
			queueMicrotask(() => request.receipt.settle('answered', (ms) => `acknowledged in ${ms} ms${request.after}`));
			return request;
		},
		async acknowledge(namespace, id, target, args) {
			requireOpen();
			// Servers end the connection that sends a packet to a namespace without this client.
			if (!namespaces.get(namespace)?.isConnected)
				throw fail('not-joined', `This client is not in the namespace ${JSON.stringify(namespace)} any more.`);
			refuseUnsendable(args, namespace.length + id.length + 20);
			write(packetOf(packetType.ack, namespace, id, args), args);
			const meta = encodeMeta(undefined, args.attachments);
			sink.message({
				...{ target, payload: args.list },
				flags: flag.out | sioFlag.ack | (args.attachments.length > 0 ? sioFlag.binary : 0),
				...(meta && { meta }),
			});
		},
		explained(failure) {
			if (!last || !cutOff.has(failure.code) || performance.now() - last.at > endsWithin) return failure;
			const limits = [
				...(last.attachments > usualAttachments
					? [`${last.attachments} attachments, and recent servers accept ${usualAttachments} (maxAttachments)`]
					: []),
				...(last.bytes > usualBytes
					? [
							`${formatCount(last.bytes)} bytes, and servers accept ${formatCount(usualBytes)} by default (maxHttpBufferSize)`,
						]
					: []),
			];
			return limits.length === 0
				? failure
				: { ...failure, remedy: { text: `The last event had ${limits.join('; ')}.` } };
		},
		stop: () => receipts.lost(),
	};
}
