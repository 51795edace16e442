import type { Duplex } from 'node:stream';
import type { MqttClient } from 'mqtt';
import type { Receipt } from '../../../model/contracts/message';
import { reasonWords } from '../describe/reasons';
import type { Broker } from '../session/broker-limits';
import { said } from '../session/refusals';
import { createBatch } from '../wire/batch';
import { flushed } from '../wire/library-stream';
import { hex, type Reason } from '../wire/packets';
import type { Publish } from './draft';

/** How long the broker may take to acknowledge, in milliseconds. */
const answerWithin = 10_000;
/** More than this waiting means that the broker does not keep up: refused instead of piling up. */
const longestQueue = 10_000;
const mostUnsent = 64 * 1024 * 1024;

interface Waiting {
	publish: Publish;
	/** Milliseconds since it was given. */
	ms(): number;
	settle(receipt: Receipt): void;
	/** Set when it left the queue. */
	sent: boolean;
	settled: boolean;
	answer?: Answer;
	timer?: ReturnType<typeof setTimeout>;
}

/** Messages at QoS 0 that were sent together: what becomes of one becomes of all, and they are told in one promise. */
interface Turn {
	receipt: Promise<Receipt>;
	settle(receipt: Receipt): void;
	/** Milliseconds since its first message. */
	ms(): number;
}

interface Answer {
	/** Of the packet that said most. */
	name: string;
	reason: Reason;
}

export interface Outgoing {
	acknowledged(name: string, id: number, reason: Reason): void;
	/** Always resolves. Messages of one turn may share a promise, so a receipt is not to be changed. */
	send(publish: Publish): Promise<Receipt>;
	/** Hands what was sent so far to the stream: called before anything else is written to it. */
	flush(): void;
	/** The link is gone: what has no answer is `unknown`, what never left is `refused`. */
	lost(): void;
}

/** Publishes within the broker's receive maximum (MQTT 5, 4.9), which mqtt.js does not obey, and says what was proven. */
export function createOutgoing(client: MqttClient, stream: Duplex, broker: Broker, unfinished: Set<number>): Outgoing {
	const queue: Waiting[] = [];
	/** At QoS 1 and 2, without an answer yet. */
	const unanswered = new Set<Waiting>();
	const batch = createBatch(stream, broker.version);
	/** At QoS 0, not yet taken by the system. */
	const turns = new Set<Turn>();
	let turn: Turn | undefined;
	/** Sent at QoS 1 or 2 and not finished, by packet identifier. */
	const byId = new Map<number, Waiting>();
	let inFlight = 0;
	let gone = false;

	function send(publish: Publish): Promise<Receipt> {
		if (stream.writableLength > mostUnsent || queue.length >= longestQueue)
			return Promise.resolve({
				proof: 'refused',
				text: 'not sent: the broker does not take what was already sent',
				ms: 0,
			});
		if (publish.qos === 0) return handOver(publish);
		const ms = stopwatch();
		return new Promise((resolve) => {
			const waiting: Waiting = {
				publish,
				sent: false,
				settled: false,
				ms,
				settle(receipt) {
					if (waiting.settled) return;
					waiting.settled = true;
					clearTimeout(waiting.timer);
					unanswered.delete(waiting);
					resolve({ ...receipt, ms: ms() });
				},
			};
			waiting.timer = setTimeout(() => late(waiting), answerWithin);
			unanswered.add(waiting);
			queue.push(waiting);
			pump();
		});
	}

	function handOver(publish: Publish): Promise<Receipt> {
		if (!batch.add(publish)) {
			const { topic, payload, retain, properties } = publish;
			batch.flush();
			client.publish(topic, payload, { qos: 0, retain, properties });
		}
		if (!turn) {
			turn = createTurn();
			queueMicrotask(askTaken);
		}
		return turn.receipt;
	}

	function createTurn(): Turn {
		const ms = stopwatch();
		let settle: Turn['settle'] = () => {};
		const receipt = new Promise<Receipt>((resolve) => {
			settle = (one) => resolve({ ...one, ms: ms() });
		});
		const made = { receipt, settle, ms };
		turns.add(made);
		return made;
	}

	/** Messages at QoS 0 of one turn share the question whether the system has taken them, and the wait for it. */
	function askTaken(): void {
		const asked = turn;
		turn = undefined;
		if (!asked) return;
		batch.flush();
		const timer = setTimeout(() => asked.settle(noAnswer), answerWithin);
		void flushed(stream).then((taken) => {
			clearTimeout(timer);
			turns.delete(asked);
			asked.settle(
				taken ? { proof: 'handed-over', text: `handed to the socket in ${asked.ms()} ms`, ms: 0 } : unknown(),
			);
		});
	}

	function pump(): void {
		while (inFlight < broker.receiveMaximum && !gone) {
			const waiting = queue.shift();
			if (!waiting) return;
			if (waiting.settled) continue;
			const { topic, payload, qos, retain, properties } = waiting.publish;
			inFlight++;
			waiting.sent = true;
			let id: number | undefined;
			batch.flush();
			client.publish(topic, payload, { qos, retain, properties }, (error) => {
				inFlight--;
				if (id !== undefined) byId.delete(id);
				if (id !== undefined && !gone) unfinished.delete(id);
				if (error && !isRefusal(error)) waiting.settle(unknown());
				else waiting.settle(answered(waiting.answer, broker.version, waiting.ms()));
				pump();
			});
			if (gone) return;
			id = client.getLastMessageId();
			byId.set(id, waiting);
			if (qos === 2) unfinished.add(id);
		}
	}

	function late(waiting: Waiting): void {
		waiting.settle(
			waiting.sent
				? noAnswer
				: {
						proof: 'refused',
						text: `not sent: the broker allows ${broker.receiveMaximum} at once and has not acknowledged the earlier ones`,
						ms: 0,
					},
		);
	}

	return {
		send,
		flush: batch.flush,
		acknowledged(name, id, reason) {
			const waiting = byId.get(id);
			// Of PUBREC and PUBCOMP, the one with a reason other than success counts.
			if (waiting && (waiting.answer?.reason.code ?? 0) === 0) waiting.answer = { name, reason };
		},
		lost() {
			gone = true;
			for (const one of turns) one.settle(unknown());
			for (const waiting of unanswered)
				waiting.settle(
					waiting.sent ? unknown() : { proof: 'refused', text: 'not sent: the connection was lost before', ms: 0 },
				);
			queue.length = 0;
		},
	};
}

/** In tenths of a millisecond. */
function stopwatch(): () => number {
	const began = performance.now();
	return () => Math.round((performance.now() - began) * 10) / 10;
}

const noAnswer: Receipt = {
	proof: 'unknown',
	text: `no answer within ${answerWithin / 1000} s: it may or may not have arrived`,
	ms: 0,
};

function isRefusal(error: Error): boolean {
	const { code } = error as { code?: unknown };
	return typeof code === 'number' && code >= 0x80;
}

function unknown(): Receipt {
	return { proof: 'unknown', text: 'the connection broke before an answer: it may or may not have arrived', ms: 0 };
}

function answered(answer: Answer | undefined, version: 4 | 5, ms: number): Receipt {
	const { name, reason } = answer ?? { name: 'an acknowledgement', reason: { code: 0, properties: {} } };
	if (version === 4) {
		const evidence = `${name}; MQTT 3.1.1 cannot say that it was denied`;
		return { proof: 'acknowledged', text: `acknowledged in ${ms} ms`, ms, evidence };
	}
	const evidence = `${name} reason code ${hex(reason.code)}${said(reason.properties)}`;
	if (reason.code >= 0x80)
		return { proof: 'refused', text: `refused by the broker: ${reasonWords(reason.code)}`, ms, evidence };
	if (reason.code === 0x10)
		return { proof: 'unrouted', text: `acknowledged in ${ms} ms, but nobody subscribes to it`, ms, evidence };
	return { proof: 'acknowledged', text: `acknowledged in ${ms} ms`, ms, evidence };
}
