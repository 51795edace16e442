import { type FailureError, fail } from '../../../base/failure';
import { parseJson, textOf } from '../../../model/json/value';
import { notOpen } from '../../shared/failures';
import { peerText } from '../../shared/peer-text';
import type { Auth } from '../settings';
import type { Engine } from '../wire/engine';
import { type Packet, packetType, writeHead } from '../wire/packet';
import { olderVersion } from '../wire/refusals';
import { revision3 } from '../wire/revision';

/** A namespace that this client is connected to, or is connecting to. */
export interface Namespace {
	readonly name: string;
	isConnected: boolean;
	/** Id of this client in the namespace. */
	socketId?: string;
	/** Id of the subscription that has joined it. */
	subscription?: string;
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
	/** Tells the server, and forgets the namespace. */
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
	disconnected(namespace: Namespace): void;
}

interface Joining {
	promise: Promise<Namespace>;
	resolve(namespace: Namespace): void;
	reject(error: FailureError): void;
}

export function createNamespaces({ engine, auth, hasSecret, ...options }: NamespacesOptions): Namespaces {
	const namespaces = new Map<string, Namespace>();
	const joining = new Map<string, Joining>();

	function request(name: string): void {
		const isOld = engine.revision === revision3;
		// Version 2 connects the main namespace by itself.
		if (isOld && name === '/') return;
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
		request(name);
		return promise;
	}

	function accepted(name: string, data: Buffer): void {
		const namespace: Namespace = namespaces.get(name) ?? create(name);
		const socketId = memberText(data, 'sid');
		if (socketId === undefined && engine.revision !== revision3) {
			joining.get(name)?.reject(olderVersion());
			return;
		}
		namespace.isConnected = true;
		if (socketId !== undefined) namespace.socketId = peerText(socketId, { most: 100 });
		namespaces.set(name, namespace);
		options.accepted(namespace);
		joining.get(name)?.resolve(namespace);
		joining.delete(name);
	}

	function refused(name: string, data: Buffer): void {
		namespaces.delete(name);
		joining.get(name)?.reject(refusalOf(name, data, hasSecret));
		joining.delete(name);
	}

	return {
		get: (name) => namespaces.get(name),
		get all() {
			return [...namespaces.values()];
		},
		join,
		leave(name) {
			if (!namespaces.delete(name) || engine.life.state !== 'open') return;
			joining.get(name)?.reject(fail('left', 'The namespace was left before the server answered.'));
			joining.delete(name);
			engine.send({ text: `4${writeHead({ type: packetType.disconnect, namespace: name })}` });
		},
		received({ type, namespace: name, data }) {
			if (type === packetType.connect) accepted(name, data);
			else if (type === packetType.connectError) refused(name, data);
			else if (type === packetType.disconnect) {
				const namespace = namespaces.get(name);
				namespaces.delete(name);
				if (namespace?.isConnected) options.disconnected(namespace);
				else
					joining
						.get(name)
						?.reject(fail('namespace-refused', `The server disconnected the client from the namespace "${name}".`));
				joining.delete(name);
			} else return false;
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

function memberText(data: Buffer, name: string): string | undefined {
	if (data.length === 0) return undefined;
	const parsed = parseJson(data.toString());
	if (!('value' in parsed) || parsed.value.kind !== 'map') return undefined;
	const member = parsed.value.members.findLast(([key]) => key === name)?.[1];
	return member && textOf(member);
}

/** Words in the messages of middleware that checks who the client is. */
const signIn = /auth|token|credential|password|forbidden|not allowed|denied|jwt|log ?in|permission/i;

/** The server has refused the client; the data of the error is evidence. */
function refusalOf(namespace: string, data: Buffer, hasSecret: boolean): FailureError {
	const parsed = parseJson(data.toString());
	const text = 'value' in parsed && parsed.value.kind === 'string' ? parsed.value.text : memberText(data, 'message');
	const reason = text === undefined ? '' : peerText(text, { most: 200 });
	const words = reason === '' ? '.' : `: "${reason.replace(/\.$/, '')}".`;
	const more = memberText(data, 'data');
	const evidence = peerText(more === undefined ? data.toString() : `data: ${more}`, { most: 500, lines: true });
	const end = reason === '' ? {} : { reason };
	const name = JSON.stringify(peerText(namespace, { most: 100 }));
	if (reason === 'Invalid namespace')
		return fail('namespace-refused', `The server has no namespace ${name}.`, {
			...{ evidence, end, final: true },
			remedy: { text: 'The path of the URL is the namespace: check it.' },
		});
	// Version 2 sends the data in place of the message.
	const code = memberText(more === undefined ? data : Buffer.from(more), 'code');
	if (code === '401' || code === '403' || signIn.test(reason) || (hasSecret && more === undefined))
		return fail('credentials-refused', `The server refused this client in the namespace ${name}${words}`, {
			...{ evidence, end, final: true },
			remedy: { text: 'Check the auth token and the auth payload of the connection.' },
		});
	return fail('namespace-refused', `The server refused the namespace ${name}${words}`, {
		...{ evidence, end, final: true },
	});
}
