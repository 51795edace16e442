import type { Draft } from '../../../src/model/contracts/message';
import type { Values } from '../../../src/model/profile/field';
import type { ResolvedProfile, Secrets, Subscription } from '../../../src/model/profile/profile';
import type { Adapter } from '../../../src/protocols/adapter';

/** A protocol, its adapter and its real server. */
export interface Fixture {
	adapter: Adapter;
	/** Connects. */
	profile: ResolvedProfile;
	secrets: Secrets;
	/** The same profile at another port of loopback. */
	at(port: number): ResolvedProfile;
	/** Secrets that the server refuses; undefined: it takes anyone. */
	wrong?: Secrets;
	/** A profile whose certificate is refused; undefined: no TLS. */
	untrusted?: ResolvedProfile;
	/** It is spoken over datagrams: there is no connection to accept. */
	udp?: boolean;
	/** With these a frozen server is noticed within a few seconds. */
	impatient: Values;
	/** What takes in the messages of `deliver`; undefined: nothing is needed. */
	subscription?: Subscription;
	/** The server sends these to every client. */
	deliver(payloads: readonly Uint8Array[]): Promise<void>;
	/** Sends these bytes so that `received` tells of them. */
	draft(payload: Uint8Array): Draft;
	/** What the server has got since the last call. */
	received(): Promise<Uint8Array[]>;
	/** Clients that the server has now. */
	connections(): Promise<number>;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Starts the server again where it was. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}
