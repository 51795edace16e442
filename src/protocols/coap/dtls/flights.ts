import type { Socket } from 'node:dgram';
import { RecordLayer } from '../../../../node_modules/node-dtls-client/build/DTLS/RecordLayer.js';
import type { dtls } from '../../../../node_modules/node-dtls-client/build/dtls.js';
import { AntiReplayWindow } from '../../../../node_modules/node-dtls-client/build/TLS/AntiReplayWindow.js';
import type { Message } from '../../../../node_modules/node-dtls-client/build/TLS/Message.js';
import { contentType, plainRecord } from './records';

/**
 * The library's record layer with retransmission of flights, which it lacks. It gets a function instead of a socket, and a
 * replay window that accepts everything: the library's own rejects everything for ever after 64 lost records in a row, so
 * the client has its own.
 */
export class Flights extends RecordLayer {
	private flight: Message[] = [];
	private readonly plain = this.currentWriteEpoch;

	constructor(
		private readonly out: (datagram: Buffer) => void,
		options: dtls.Options,
		private readonly flightSent: () => void,
	) {
		super({ send: (datagram: Buffer) => out(datagram) } as unknown as Socket, options);
	}

	override sendFlight(messages: Message[], callback?: dtls.SendCallback): void {
		this.flight = messages;
		super.sendFlight(messages, callback);
		this.flightSent();
	}

	/** Repeats the last flight with new record numbers (RFC 6347, 4.2.4); the old ones would be taken for a replay. */
	repeat(): void {
		const last = this.flight.findIndex(({ type }) => type === contentType.changeCipherSpec);
		const unprotected = last < 0 ? this.flight : this.flight.slice(0, last + 1);
		this.out(
			Buffer.concat(unprotected.map(({ type, data }) => plainRecord(type, ++this.plain.writeSequenceNumber, data))),
		);
		for (const message of this.flight.slice(unprotected.length)) this.send(message);
	}

	/** From now on the server's records are encrypted. */
	override advanceReadEpoch(): void {
		super.advanceReadEpoch();
		this.currentReadEpoch.antiReplayWindow = new AcceptAll();
	}
}

class AcceptAll extends AntiReplayWindow {
	override mayReceive(): boolean {
		return true;
	}
	override markAsReceived(): void {}
}
