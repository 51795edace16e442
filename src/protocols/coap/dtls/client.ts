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
	/** Cipher suites to offer; all if undefined. */
	offered?: readonly Suite[];
	send(datagram: Buffer): void;
	/** The handshake is complete: both sides have proved that they know the key. */
	opened(terms: Terms): void;
	message(bytes: Buffer): void;
	/** The handshake has failed, or the server has ended the session. Called at most once, and not after `close`. */
	ended(failure: Failure): void;
}

export interface Terms {
	suite: Suite;
	/** The server's hint for the identity that it expects (RFC 4279, 2). */
	hint: Buffer;
}

export interface Client {
	receive(datagram: Buffer): void;
	/** Sends at most 2^14 bytes; drops longer messages, which UDP would not carry either. */
	write(bytes: Buffer): void;
	/** The server has answered everything that does not depend on the key. */
	readonly greeted: boolean;
	/** Sends close_notify if there is a session. */
	close(): void;
}

/** RFC 6347, 4.2.4.1: milliseconds, doubled each time. */
const firstWait = 1000;
const maxWait = 60_000;
/** Number of repeated last flights without an answer after which a server that answered the first one is given up. */
const maxFinishedRepeats = 2;
/** Largest record, in bytes (RFC 6347, 4.1). */
const maxRecord = 2 ** 14;

/**
 * A DTLS 1.2 client with a pre-shared key (RFC 6347, RFC 4279). The library provides handshake state, keys and ciphers.
 * This client filters what reaches the library, which is too trusting: it accepts unprotected records of the next epoch,
 * sends uninitialized memory back for a cookie that is shorter than it claims, keeps data that arrives before the
 * handshake is complete, and reads only the first message of a record.
 */
export function createClient(options: ClientOptions): Client {
	const { clock, send } = options;
	/** `finishing`: the client's last flight is sent and the server's expected; `sealed`: the server encrypts from now on. */
	let state: 'greeting' | 'finishing' | 'sealed' | 'open' | 'over' = 'greeting';
	let suite: Suite | undefined;
	let hint: Buffer = Buffer.alloc(0);
	let cancelTimer = () => {};
	const collector = createCollector();
	const replay = createReplayWindow();
	const libraryOptions = {
		...{ type: 'udp4' as const, address: '', port: 0, ciphers: (options.offered ?? suites).map(({ name }) => name) },
		// The library writes the identity byte by byte.
		psk: { [options.identity.toString('latin1')]: options.key },
	};
	const layer = new Flights(send, libraryOptions, () => waitForAnswer(firstWait, 0));
	const handshake = new ClientHandshakeHandler(layer, libraryOptions, (alert, error) => {
		if (alert) layer.send({ type: contentType.alert, data: alert.serialize() });
		if (error) end(broken(error));
		else established();
	});

	function end(failure: Failure): void {
		if (state === 'over') return;
		state = 'over';
		cancelTimer();
		options.ended(failure);
	}

	function waitForAnswer(wait: number, count: number): void {
		cancelTimer();
		cancelTimer = clock.later(wait, () => {
			if (state !== 'greeting' && count === maxFinishedRepeats) return end(unreadable((2 * wait) / firstWait - 1));
			layer.repeat();
			waitForAnswer(Math.min(2 * wait, maxWait), count + 1);
		});
	}

	function established(): void {
		if (state !== 'sealed' || !suite) return;
		state = 'open';
		cancelTimer();
		options.opened({ suite, hint });
	}

	function processHandshake(message: HandshakeMessage): void {
		const { type, seq, body } = message;
		if (type === messageType.serverHello) suite = suiteIn(body);
		if (type === messageType.serverKeyExchange) hint = body.subarray(2);
		handshake.processIncomingMessage(new FragmentedHandshake(type, body.length, seq, 0, body));
		if (type === messageType.serverHelloDone && state === 'greeting') state = 'finishing';
	}

	/** An unprotected record can only be part of the handshake. */
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
			for (const message of collector.take(body)) if (message.type !== messageType.finished) processHandshake(message);
		}
	}

	function sealed({ number, body, whole }: DtlsRecord): void {
		// Shorter records would be verified by less than a whole tag.
		if (body.length < nonceBytes + (suite?.tag ?? 0) || !replay.isNew(number)) return;
		const [message] = layer.receive(whole);
		if (!message) return;
		replay.mark(number);
		if (message.type === contentType.applicationData && state === 'open') options.message(message.data);
		else if (message.type === contentType.alert) receivedAlert(readAlert(message.data));
		else if (message.type === contentType.handshake && state === 'sealed')
			for (const part of collector.take(message.data)) if (part.type === messageType.finished) processHandshake(part);
	}

	function receivedAlert(alert: Alert | undefined): void {
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
			if (state === 'open' && bytes.length <= maxRecord) layer.send({ type: contentType.applicationData, data: bytes });
		},
		get greeted() {
			return state === 'finishing' || state === 'sealed';
		},
		close() {
			cancelTimer();
			if (state === 'open') goodbye();
			state = 'over';
		},
	};
}

function broken(error: unknown): Failure {
	const evidence = error instanceof Error ? error.message : String(error);
	return fail('dtls-broken', 'The server sent data that does not belong in a DTLS handshake.', { evidence }).failure;
}
