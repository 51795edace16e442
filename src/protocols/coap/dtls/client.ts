import { FragmentedHandshake } from '../../../../node_modules/node-dtls-client/build/DTLS/Handshake.js';
import { ClientHandshakeHandler } from '../../../../node_modules/node-dtls-client/build/DTLS/HandshakeHandler.js';
import { type Failure, fail } from '../../../base/failure';
import type { Clock } from '../wire/clock';
import { type Alert, alertBytes, closeNotify, endedBy, readAlert, refusedBy, unreadable } from './alerts';
import { Flights } from './flights';
import { createCollector, type HandshakeMessage, messageType, suiteIn } from './handshake';
import { contentType, createReplayWindow, type DtlsRecord, readRecords } from './records';
import type { KeySettings } from './settings';
import { nonceBytes, type Suite, suites } from './suites';

export interface ClientOptions extends KeySettings {
	clock: Clock;
	/** Offered suites; all if undefined. */
	offered?: readonly Suite[];
	send(datagram: Buffer): void;
	/** The handshake is over: both sides have proved that they know the key. */
	opened(terms: Terms): void;
	message(bytes: Buffer): void;
	/** It failed, or the server has ended the session. Called at most once, and not after `close`. */
	ended(failure: Failure): void;
}

export interface Terms {
	suite: Suite;
	/** The server's hint at which identity it expects (RFC 4279, 2). */
	hint: Buffer;
}

export interface Client {
	receive(datagram: Buffer): void;
	/** At most 2^14 bytes; longer ones are not sent, as UDP would not. */
	write(bytes: Buffer): void;
	/** Whether the server has answered, as far as it can without knowing whether our key is right. */
	readonly greeted: boolean;
	/** Says close_notify if there is a session. */
	close(): void;
}

/** RFC 6347, 4.2.4.1: milliseconds, doubled each time. */
const firstWait = 1000;
const mostWait = 60_000;
/** A server that answered the first flight and none of so many last ones will not answer. */
const mostFinished = 2;
const longest = 2 ** 14;

/**
 * A DTLS 1.2 client with a pre-shared key (RFC 6347, 4279). The library has the state of the handshake, the keys and the
 * ciphers. What may reach it is decided here, because it believes too much: it takes records of the epoch after the
 * present one, which nothing protects, for the server's; sends memory of its own back for a cookie that is shorter than
 * it claims; keeps what comes before the handshake is over; and reads only the first message of a record.
 */
export function createClient(options: ClientOptions): Client {
	const { clock, send } = options;
	/** `finishing`: our last flight has left, the server's is awaited; `sealed`: it encrypts from now on. */
	let state: 'greeting' | 'finishing' | 'sealed' | 'open' | 'over' = 'greeting';
	let suite: Suite | undefined;
	let hint: Buffer = Buffer.alloc(0);
	let cancel = () => {};
	const collector = createCollector();
	const replay = createReplayWindow();
	const libraryOptions = {
		...{ type: 'udp4' as const, address: '', port: 0, ciphers: (options.offered ?? suites).map(({ name }) => name) },
		// The library writes the identity byte by byte.
		psk: { [options.identity.toString('latin1')]: options.key },
	};
	const layer = new Flights(send, libraryOptions, () => patience(firstWait, 0));
	const handshake = new ClientHandshakeHandler(layer, libraryOptions, (alert, error) => {
		if (alert) layer.send({ type: contentType.alert, data: alert.serialize() });
		if (error) end(broken(error));
		else established();
	});

	function end(failure: Failure): void {
		if (state === 'over') return;
		state = 'over';
		cancel();
		options.ended(failure);
	}

	function patience(wait: number, count: number): void {
		cancel();
		cancel = clock.later(wait, () => {
			if (state !== 'greeting' && count === mostFinished) return end(unreadable((2 * wait) / firstWait - 1));
			layer.repeat();
			patience(Math.min(2 * wait, mostWait), count + 1);
		});
	}

	function established(): void {
		if (state !== 'sealed' || !suite) return;
		state = 'open';
		cancel();
		options.opened({ suite, hint });
	}

	function shake(message: HandshakeMessage): void {
		const { type, seq, body } = message;
		if (type === messageType.serverHello) suite = suiteIn(body);
		if (type === messageType.serverKeyExchange) hint = body.subarray(2);
		handshake.processIncomingMessage(new FragmentedHandshake(type, body.length, seq, 0, body));
		if (type === messageType.serverHelloDone && state === 'greeting') state = 'finishing';
	}

	/** Nothing protects it: it can only be a part of the handshake. */
	function unprotected({ type, body }: DtlsRecord): void {
		if (state !== 'greeting' && state !== 'finishing') return;
		if (type === contentType.alert) {
			const alert = readAlert(body);
			if (alert && (alert.fatal || alert.description === closeNotify)) end(refusedBy(alert));
		} else if (type === contentType.changeCipherSpec) {
			if (state !== 'finishing' || body.length !== 1) return;
			state = 'sealed';
			layer.advanceReadEpoch();
		} else if (type === contentType.handshake && state === 'greeting') {
			for (const message of collector.take(body)) if (message.type !== messageType.finished) shake(message);
		}
	}

	function sealed({ number, body, whole }: DtlsRecord): void {
		// Shorter ones would be checked by less than a whole tag.
		if (body.length < nonceBytes + (suite?.tag ?? 0) || !replay.isNew(number)) return;
		const [message] = layer.receive(whole);
		if (!message) return;
		replay.mark(number);
		if (message.type === contentType.applicationData && state === 'open') options.message(message.data);
		else if (message.type === contentType.alert) heard(readAlert(message.data));
		else if (message.type === contentType.handshake && state === 'sealed')
			for (const one of collector.take(message.data)) if (one.type === messageType.finished) shake(one);
	}

	function heard(alert: Alert | undefined): void {
		if (!alert || !(alert.fatal || alert.description === closeNotify)) return;
		const open = state === 'open';
		if (open && alert.description === closeNotify) goodbye();
		end(open ? endedBy(alert) : refusedBy(alert));
	}

	const goodbye = () => layer.send({ type: contentType.alert, data: alertBytes(false, closeNotify) });

	return {
		receive(datagram) {
			try {
				for (const record of readRecords(datagram)) {
					if (record.epoch === 0) unprotected(record);
					else if (record.epoch === 1 && (state === 'sealed' || state === 'open')) sealed(record);
				}
			} catch (error) {
				end(broken(error));
			}
		},
		write(bytes) {
			if (state === 'open' && bytes.length <= longest) layer.send({ type: contentType.applicationData, data: bytes });
		},
		get greeted() {
			return state === 'finishing' || state === 'sealed';
		},
		close() {
			cancel();
			if (state === 'open') goodbye();
			state = 'over';
		},
	};
}

function broken(error: unknown): Failure {
	const evidence = error instanceof Error ? error.message : String(error);
	return fail('dtls-broken', 'What the server sends does not fit into a DTLS handshake.', { evidence }).failure;
}
