import type { Duplex } from 'node:stream';
import type { MqttClient } from 'mqtt';
import type { Receipt } from '../../../model/contracts/message';
import { type OpenReceipt, Receipts } from '../../shared/receipts';
import { reasonWords } from '../describe/reasons';
import type { Broker } from '../session/broker-limits';
import { propertyEvidence } from '../session/refusals';
import { createBatch } from '../wire/batch';
import { flushed } from '../wire/library-stream';
import { hex, type Reason } from '../wire/packets';
import type { Publish } from './draft';

/** How long the broker may take to acknowledge, in milliseconds. */
const answerWithin = 10_000;
/** Messages and bytes that may wait for a broker that does not keep up; more are refused. */
const maxQueue = 10_000;
const maxUnsent = 64 * 1024 * 1024;

/** A message at QoS 1 or 2 without an answer yet. */
interface Waiting {
	publish: Publish;
	receipt: OpenReceipt;
	/** It has left the queue. */
	sent: boolean;
	answer?: Answer;
}

/** The acknowledgement with the most specific reason. */
interface Answer {
	name: string;
	reason: Reason;
}

export interface Outgoing {
	acknowledged(name: string, id: number, reason: Reason): void;
	/** Always resolves. Messages of one turn may share a promise, so a receipt must not be changed. */
	send(publish: Publish): Promise<Receipt>;
	/** Writes what was sent so far to the stream. Must be called before anything else is written to it. */
	flush(): void;
	/** The link has ended: messages without an answer become `unknown`, those that never left `refused`. */
	lost(): void;
}

/** Publishes within the broker's receive maximum (MQTT 5, 4.9), which mqtt.js does not obey, and reports what was proven. */
export function createOutgoing(client: MqttClient, stream: Duplex, broker: Broker, unfinished: Set<number>): Outgoing {
	const queue: Waiting[] = [];
	const receipts = new Receipts();
	const batch = createBatch(stream, broker.version);
	/** Shared by the messages at QoS 0 of one turn: they are written together, so they have the same fate. */
	let turn: OpenReceipt | undefined;
	/** Sent at QoS 1 or 2 and not finished, by packet identifier. */
	const byId = new Map<number, Waiting>();
	let inFlight = 0;
	let isLost = false;

	function send(publish: Publish): Promise<Receipt> {
		if (stream.writableLength > maxUnsent || queue.length >= maxQueue)
			return Promise.resolve({
				proof: 'refused',
				text: 'not sent: the broker does not take what was already sent',
				ms: 0,
			});
		if (publish.qos === 0) return handOver(publish);
		const waiting: Waiting = { publish, sent: false, receipt: receipts.open() };
		const { receipt } = waiting;
		receipt.within(answerWithin, () => expire(waiting));
		receipt.onLost(() => {
			if (!waiting.sent) receipt.settle('refused', 'not sent: the connection was lost before');
		});
		queue.push(waiting);
		pump();
		return receipt.promise;
	}

	function handOver(publish: Publish): Promise<Receipt> {
		if (!batch.add(publish)) {
			const { topic, payload, retain, properties } = publish;
			batch.flush();
			client.publish(topic, payload, { qos: 0, retain, properties });
		}
		if (!turn) {
			turn = receipts.open();
			queueMicrotask(endTurn);
		}
		return turn.promise;
	}

	/** Waits once for all messages of the turn until the system has taken them. */
	function endTurn(): void {
		const ending = turn;
		turn = undefined;
		if (!ending) return;
		batch.flush();
		ending.within(answerWithin, () => ending.settle('unknown', noAnswer));
		void flushed(stream).then((taken) => {
			if (taken) ending.settle('handed-over', (ms) => `handed to the socket in ${ms} ms`);
			else ending.lose();
		});
	}

	function pump(): void {
		while (inFlight < broker.receiveMaximum && !isLost) {
			const waiting = queue.shift();
			if (!waiting) return;
			const { receipt } = waiting;
			if (receipt.settled) continue;
			const { topic, payload, qos, retain, properties } = waiting.publish;
			inFlight++;
			waiting.sent = true;
			let id: number | undefined;
			batch.flush();
			client.publish(topic, payload, { qos, retain, properties }, (error) => {
				inFlight--;
				if (id !== undefined) byId.delete(id);
				if (id !== undefined && !isLost) unfinished.delete(id);
				if (error && !isRefusal(error)) receipt.lose();
				else settleAnswered(waiting, broker.version);
				pump();
			});
			if (isLost) return;
			id = client.getLastMessageId();
			byId.set(id, waiting);
			if (qos === 2) unfinished.add(id);
		}
	}

	function expire({ receipt, sent }: Waiting): void {
		if (sent) receipt.settle('unknown', noAnswer);
		else
			receipt.settle(
				'refused',
				`not sent: the broker allows ${broker.receiveMaximum} at once and has not acknowledged the earlier ones`,
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
			isLost = true;
			receipts.lost();
			queue.length = 0;
		},
	};
}

const noAnswer = `no answer within ${answerWithin / 1000} s: it may or may not have arrived`;

function isRefusal(error: Error): boolean {
	const { code } = error as { code?: unknown };
	return typeof code === 'number' && code >= 0x80;
}

function settleAnswered({ receipt, answer }: Waiting, version: 4 | 5): void {
	const { name, reason } = answer ?? { name: 'an acknowledgement', reason: { code: 0, properties: {} } };
	const inTime = (ms: number) => `acknowledged in ${ms} ms`;
	const evidence =
		version === 4
			? `${name}; MQTT 3.1.1 cannot say that it was denied`
			: `${name} reason code ${hex(reason.code)}${propertyEvidence(reason.properties)}`;
	if (reason.code >= 0x80) receipt.settle('refused', `refused by the broker: ${reasonWords(reason.code)}`, evidence);
	else if (reason.code === 0x10)
		receipt.settle('unrouted', (ms) => `acknowledged in ${ms} ms, but there is no subscriber`, evidence);
	else receipt.settle('acknowledged', inTime, evidence);
}
