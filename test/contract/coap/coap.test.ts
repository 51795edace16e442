import type { Adapter, Link, Sink } from '../../../src/protocols/adapter';
import { adapter } from '../../../src/protocols/coap/adapter';
import { type CoapServerOptions, startCoapServer } from '../../support/servers/coap-server';
import { connect, type Recorded, resolved, type TestLink } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

/**
 * The suite against libcoap's server. Some cases do not apply: a wrong password without DTLS, and a refused certificate,
 * which DTLS with a pre-shared key does not have. A server accepts no connections: the local sockets that are connected to
 * the server's port are counted instead, and peers that send nothing or garbage are datagram sockets.
 */
async function fixture(dtls?: CoapServerOptions['dtls']): Promise<Fixture> {
	const server = await startCoapServer({ resources: 50_000, dtls });
	const values = { pingInterval: 1, connectTimeout: 8, 'dtls.identity': 'someone' };
	const secrets: Record<string, string> = dtls ? { 'dtls.psk': dtls.key } : {};
	// Only pings detect a dead server: an interval of one second instead of ten.
	const at = (port: number) => resolved('coap', `coap${dtls ? 's' : ''}://127.0.0.1:${port}`, values);
	const profile = at(server.port);
	const open = new Set<Link>();
	let delivered = 0;
	let helper: { link: TestLink; recorded: Recorded } | undefined;
	let next = 0;
	let read = 0;

	/** The client that changes the resource and reads what was put. */
	async function other() {
		if (helper) return helper;
		const made = await connect({ adapter, profile, secrets });
		helper = made;
		void made.link.ended.then(() => {
			if (helper === made) helper = undefined;
		});
		return made;
	}

	async function request(
		verb: string,
		target: string,
		payload: Uint8Array = new Uint8Array(),
	): Promise<Buffer | undefined> {
		const { link, recorded } = await other();
		recorded.messages.length = 0;
		const { proof } = await link.send({ verb, target, values: {}, payload });
		return proof === 'answered' ? recorded.messages.at(-1)?.payload : undefined;
	}

	async function begin() {
		const { link } = await other();
		for (const [target, payload] of Object.entries({ box: 'begin', answer: 'the answer' })) {
			const { proof, text } = await link.send({ verb: 'put', target, values: {}, payload: Buffer.from(payload) });
			if (proof !== 'answered') throw new Error(`The resource ${target} was not created: ${text}`);
		}
	}
	await begin();
	return {
		...{ adapter: counting(open, () => delivered++), profile, secrets, at, udp: true },
		...(dtls && { wrong: { 'dtls.psk': 'not the key' } }),
		impatient: { pingInterval: 1 },
		subscription: { target: 'box' },
		// A resource has a state, not a queue: the next payload is put when the last one was notified, or when there is no observer.
		async deliver(payloads) {
			for (const payload of payloads) {
				const before = delivered;
				await request('put', 'box', payload);
				while (open.size > 0 && delivered === before) await new Promise((resolve) => setImmediate(resolve));
			}
		},
		draft: (payload) => ({ verb: 'put', target: `in/${next++}`, values: {}, payload }),
		denied: {
			draft: { verb: 'get', target: 'missing', values: {}, payload: new Uint8Array() },
			subscription: { target: 'missing' },
			allowed: { verb: 'put', target: 'allowed', values: {}, payload: Buffer.from('allowed') },
		},
		// No modes: a new observer gets the present state, which is no message of its own.
		answerer: {
			draft: { verb: 'get', target: 'answer', values: {}, payload: new Uint8Array() },
			payload: Buffer.from('the answer'),
		},
		browse: {
			path: ['time'],
			act: { act: () => ({ action: 'rediscover', values: {} }), says: /^The server lists \d+ resources\.$/ },
		},
		async received() {
			const got: Uint8Array[] = [];
			// Payloads that a link could not deliver before it was closed are missing.
			for (; read < next; read++) got.push(...[await request('get', `in/${read}`)].filter((one) => one !== undefined));
			return got;
		},
		connections: async () => server.connections() - (helper ? 1 : 0),
		kill: (signal) => server.kill(signal),
		async restart() {
			// It may not have detected yet that its server is gone.
			helper?.link.destroy();
			helper = undefined;
			await server.restart();
			read = next;
			await begin();
		},
		async stop() {
			helper?.link.destroy();
			await server.stop();
		},
	};
}

/** Records each message that its links have received, and which links are open. */
function counting(open: Set<Link>, received: () => void): Adapter {
	return {
		async connect(context) {
			const sink: Sink = {
				...context.sink,
				message(message) {
					const seq = context.sink.message(message);
					received();
					return seq;
				},
			};
			const link = await adapter.connect({ ...context, sink });
			open.add(link);
			void link.ended.then(() => open.delete(link));
			return link;
		},
	};
}

contract('CoAP', fixture);
contract('CoAP over DTLS', () => fixture({ by: 'openssl', key: 'the key of all' }), 'transport');
