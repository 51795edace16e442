import type { Intent } from '../../../src/model/contracts/browse';
import type { Draft } from '../../../src/model/contracts/message';
import type { Values } from '../../../src/model/profile/field';
import type { ResolvedProfile, Secrets, Subscription } from '../../../src/model/profile/profile';
import type { Act, Adapter } from '../../../src/protocols/adapter';
import type { Received } from './attempt';

/** A protocol, its adapter and its real server. */
export interface Fixture {
	adapter: Adapter;
	/** A profile that connects. */
	profile: ResolvedProfile;
	secrets: Secrets;
	/** The same profile at another port of loopback. */
	at(port: number): ResolvedProfile;
	/** Secrets that the server refuses; undefined: it accepts every client. */
	wrong?: Secrets;
	/** A profile whose certificate is refused; undefined: no TLS. */
	untrusted?: ResolvedProfile;
	/** The protocol uses datagrams, so there is no connection to accept. */
	udp?: boolean;
	/** Values with which a frozen server is detected within a few seconds. */
	impatient: Values;
	/** The subscription that receives the messages of `deliver`; undefined: none is needed. */
	subscription?: Subscription;
	/** The server sends these to every client. */
	deliver(payloads: readonly Uint8Array[]): Promise<void>;
	/** The bytes of `deliver` in a received message, where they are not its payload. */
	payloadOf?(message: Received): Buffer;
	/** A draft with these bytes, which `received` then returns. */
	draft(payload: Uint8Array): Draft;
	/** Payloads that the server has received since the last call. */
	received(): Promise<Uint8Array[]>;
	/** Drafts and subscriptions that the server refuses. `user`: replaces members of the fixture for a user with fewer rights. */
	denied?: {
		user?: Partial<Pick<Fixture, 'profile' | 'secrets'>>;
		draft?: Draft;
		subscription?: Subscription;
		/** A draft that the same user may send. */
		allowed: Draft;
	};
	/** Headers of messages. Their order and their duplicates must be kept. */
	headers?: {
		/** Headers that every client of the protocol can send and receive. */
		sample: [name: string, value: string][];
		/** The server sends a message with these headers to the client. */
		deliver(headers: [string, string][]): Promise<void>;
		draft(headers: [string, string][]): Draft;
		/** Headers of the messages that the server has received since the last call. */
		received(): Promise<[string, string][][]>;
		/** Headers of a message in the log, without those that the protocol adds. */
		of(message: Received): [string, string][];
	};
	/** A request that the peer answers. */
	answerer?: { draft: Draft; payload: Uint8Array; subscription?: Subscription };
	/** A subscription in each way to receive; keyed by the id of the mode, "default" where there are none. */
	modes?: Readonly<Record<string, ModeFixture>>;
	/** The tree of the peer, and an action on it. */
	browse?: {
		/** Names that lead to a node that must be there. */
		path: readonly string[];
		/** The intent for the id of that node. The question must match `says`. */
		ask?: { intent(node: string): Intent; says: RegExp };
		act?: { act(node: string): Pick<Act, 'action' | 'values'>; says: RegExp; done?(): Promise<void> };
	};
	/** A subscription whose messages the user settles. */
	settle?: {
		subscription: Subscription;
		deliver(payload: Uint8Array): Promise<void>;
		/** The actions that settle. `says`: the message's outcome; `done` resolves when the server knows it. */
		outcomes: readonly { act: Pick<Act, 'action' | 'values'>; says: RegExp; done(): Promise<void> }[];
	};
	/** The number of clients that the server has now. */
	connections(): Promise<number>;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Starts the server again at the same address. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

export interface ModeFixture {
	subscription: Subscription;
	/** The server sends this so that the subscription receives it. */
	deliver(payload: Uint8Array): Promise<void>;
	/** The adapter names the subscriptions that have brought a message. */
	named?: boolean;
}
