import { type Failure, FailureError, fail } from '../../../base/failure';
import { notOpen } from '../../shared/failures';
import { peerText } from '../../shared/peer-text';
import type { Auth } from '../settings';
import type { Engine } from '../wire/engine';
import { type Packet, packetType, writeHead } from '../wire/packet';
import { olderVersion } from '../wire/refusals';
import { revision3 } from '../wire/revision';
import { errorOf, memberText, refusalOf } from './server-errors';

/** A namespace that this client is connected to, or is connecting to. */
export interface Namespace {
	readonly name: string;
	isConnected: boolean;
	/** Id of this client in the namespace. */
	socketId?: string;
	/** Id of the subscription that has joined it. */
	subscription?: string;
	/** Its events are acknowledged by `Link.settle`. */
	isHeld?: boolean;
	/** The next acknowledgement id. */
	nextAck: number;
	/** Targets by the name of the event. */
	readonly targets: Map<string, string>;
}

export interface Namespaces {
	/** Connected and connecting ones. */
	get(name: string): Namespace | undefined;
	readonly all: readonly Namespace[];
	/** Resolves when the server has accepted the client; throws its refusal. Joins once, however often it is called. */
	join(name: string): Promise<Namespace>;
	/** Tells the server, and forgets the namespace. Clients of version 2 stay in the main one. */
	leave(name: string): void;
	/** Takes packets that connect, refuse and disconnect; returns false for others. */
	received(packet: Packet): boolean;
	/** The link has ended: everything that is being joined fails. */
	stop(failure: FailureError): void;
}

export interface NamespacesOptions {
	engine: Engine;
	auth: Auth;
	/** Secrets take part in joining, so that a refusal is about them. */
	hasSecret: boolean;
	/** The server has accepted the client. Called before the next packet is read. */
	accepted(namespace: Namespace): void;
	/** The server has disconnected the client from a namespace that it was connected to. */
	disconnected(namespace: Namespace, failure: Failure): void;
	/** The server has reported an error in a namespace, to which the client stays connected. One sentence. */
	reported(text: string): void;
}

interface Joining {
	promise: Promise<Namespace>;
	resolve(namespace: Namespace): void;
	reject(error: FailureError): void;
}

export function createNamespaces({ engine, auth, hasSecret, ...options }: NamespacesOptions): Namespaces {
	const namespaces = new Map<string, Namespace>();
	const joining = new Map<string, Joining>();
	/** Namespaces that were left before the server answered: a packet for them before would end the connection. */
	const left = new Set<string>();

	/** Version 2 connects the main namespace by itself, and only once. */
	const isUnasked = (name: string) => engine.revision === revision3 && name === '/';

	function request(name: string): void {
		if (isUnasked(name)) return;
		const isOld = engine.revision === revision3;
		const query = isOld && auth.query !== '' ? `${name}?${auth.query}` : name;
		const head = writeHead({ type: packetType.connect, namespace: query });
		engine.send({ text: `4${head}${isOld ? '' : (auth.json ?? '')}` });
	}

	function join(name: string): Promise<Namespace> {
		const known = namespaces.get(name);
		const pending = joining.get(name);
		if (pending) return pending.promise;
		if (known) return Promise.resolve(known);
		if (engine.life.state !== 'open') return Promise.reject(notOpen());
		let resolve: Joining['resolve'] = () => {};
		let reject: Joining['reject'] = () => {};
		const promise = new Promise<Namespace>((accept, refuse) => {
			resolve = accept;
			reject = refuse;
		});
		joining.set(name, { promise, resolve, reject });
		namespaces.set(name, create(name));
		if (!left.delete(name)) request(name);
		return promise;
	}

	function settle(name: string): Joining | undefined {
		const pending = joining.get(name);
		joining.delete(name);
		return pending;
	}

	function disconnect(name: string): void {
		engine.send({ text: `4${writeHead({ type: packetType.disconnect, namespace: name })}` });
	}

	/** Acceptances that were not asked for are ignored. */
	function accepted(name: string, data: Buffer): void {
		if (left.delete(name)) {
			disconnect(name);
			return;
		}
		const namespace = namespaces.get(name) ?? (isUnasked(name) ? create(name) : undefined);
		if (!namespace || namespace.isConnected) return;
		const socketId = memberText(data, 'sid');
		if (socketId === undefined && engine.revision !== revision3) {
			namespaces.delete(name);
			settle(name)?.reject(olderVersion());
			return;
		}
		namespace.isConnected = true;
		if (socketId !== undefined) namespace.socketId = peerText(socketId, { most: 100 });
		namespaces.set(name, namespace);
		options.accepted(namespace);
		settle(name)?.resolve(namespace);
	}

	function refused(name: string, data: Buffer): void {
		const error = errorOf(data);
		// Version 2 reports errors of a connected client in the same packet, such as those of its middleware for events.
		if (namespaces.get(name)?.isConnected) {
			const text = error.words === '.' ? `: ${error.evidence}` : error.words;
			options.reported(`The server reported an error in the namespace ${JSON.stringify(name)}${text}`);
			return;
		}
		left.delete(name);
		namespaces.delete(name);
		settle(name)?.reject(refusalOf(name, error, hasSecret));
	}

	function disconnected(name: string): void {
		const namespace = namespaces.get(name);
		namespaces.delete(name);
		left.delete(name);
		const message = `The server disconnected this client from the namespace ${JSON.stringify(name)}.`;
		const failure = { code: 'disconnected-by-server', message, end: { reason: 'io server disconnect' } };
		if (namespace?.isConnected) options.disconnected(namespace, failure);
		settle(name)?.reject(new FailureError(failure));
	}

	return {
		get: (name) => namespaces.get(name),
		get all() {
			return [...namespaces.values()];
		},
		join,
		leave(name) {
			const namespace = namespaces.get(name);
			if (!namespace || isUnasked(name) || engine.life.state !== 'open') return;
			namespaces.delete(name);
			if (namespace.isConnected) disconnect(name);
			else {
				left.add(name);
				settle(name)?.reject(fail('left', 'The namespace was left before the server answered.'));
			}
		},
		received({ type, namespace, data }) {
			if (type === packetType.connect) accepted(namespace, data);
			else if (type === packetType.connectError) refused(namespace, data);
			else if (type === packetType.disconnect) disconnected(namespace);
			else return false;
			return true;
		},
		stop(failure) {
			for (const { reject } of joining.values()) reject(failure);
			joining.clear();
			namespaces.clear();
		},
	};
}

const create = (name: string): Namespace => ({ name, isConnected: false, nextAck: 0, targets: new Map() });
