import type { Failure } from '../../../base/failure';

/** Packets that belong together: a packet as text, its Engine.IO type included, and the attachments that follow it. */
export interface Unit {
	text: string | Uint8Array;
	attachments?: readonly Uint8Array[];
}

/** Called by a transport with what it has received, in order. Bytes are valid until the call returns. */
export interface TransportListener {
	/** A packet with its type as the first byte. */
	text(bytes: Buffer): void;
	/** An attachment. */
	binary(bytes: Buffer): void;
	/** Some bytes have arrived. */
	heard(): void;
	/** Called once, when no more will be received. */
	ended(failure: Failure): void;
}

/** Carries packets of one Engine.IO session in both directions. */
export interface Transport {
	readonly name: 'websocket' | 'polling';
	/** Bytes that wait because the server does not read. */
	readonly waiting: number;
	/** Must be called once; nothing is read before. */
	listen(listener: TransportListener): void;
	/** `done` is called when the packets were handed over, and not at all, or with an error, when they were not. */
	send(unit: Unit, done?: (error?: Error | null) => void): void;
	/** Stops and continues reading. */
	pause(): void;
	resume(): void;
	/** Sends a ping below Engine.IO that the server must answer; undefined: the transport has none. */
	ping?(): void;
	/** Sends what is waiting, then ends the connection. */
	end(): void;
	destroy(): void;
}
