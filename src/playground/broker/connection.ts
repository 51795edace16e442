import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import { checkTopic } from '../../protocols/mqtt/describe/topics';
import type { Hub } from './broker';
import { createClient } from './client';
import { limits } from './limits';
import { createOutput, type Output } from './output';
import { reason, Violation } from './reason';
import { createWill, type Will } from './will';

/** One client from its first byte to its last. Whatever it sends, nothing but its own connection ends. */
export function connection(stream: Duplex, hub: Hub): void {
	const options = { protocolVersion: 4 };
	const input = parser(options);
	let state:
		| { kind: 'waiting' }
		| { kind: 'open'; version: 3 | 4 | 5; handle(packet: Packet): void; output: Output; will: Will; leave(): void }
		| { kind: 'ended' } = { kind: 'waiting' };
	let timer = setTimeout(() => end(reason.keepAliveTimeout), limits.connectMs);
	let keepaliveMs = 0;

	/** `code` undefined: the client has gone, properly or not, or there is nothing to say to it. */
	function end(code?: number): void {
		if (state.kind === 'ended') return;
		const was = state;
		state = { kind: 'ended' };
		clearTimeout(timer);
		if (was.kind === 'open') {
			if (code !== undefined && was.version === 5) was.output.send({ cmd: 'disconnect', reasonCode: code });
			was.will.due();
			was.leave();
		}
		stream.end();
		// The last word may take a moment to leave, and no more.
		setTimeout(() => stream.destroy(), 500).unref();
	}

	function restartTimer(): void {
		clearTimeout(timer);
		// MQTT 5, 3.1.2.10: one and a half times the keep alive interval.
		if (keepaliveMs > 0) timer = setTimeout(() => end(reason.keepAliveTimeout), keepaliveMs * 1.5);
	}

	function refuse(packet: IConnectPacket, code: number, oldCode: number): void {
		const version = packet.protocolVersion ?? 4;
		stream.write(
			generate(
				{ cmd: 'connack', sessionPresent: false, ...(version === 5 ? { reasonCode: code } : { returnCode: oldCode }) },
				{ protocolVersion: version },
			),
		);
		end();
	}

	function login(packet: IConnectPacket): void {
		const version = packet.protocolVersion ?? 4;
		options.protocolVersion = version;
		const properties = packet.properties ?? {};
		const clean = packet.clean ?? true;
		if (properties.authenticationMethod !== undefined) {
			refuse(packet, reason.badAuthenticationMethod, 5);
			return;
		}
		// MQTT 3.1.1, 3.1.3.1: without a name only for a clean session.
		if (!packet.clientId && !clean && version < 5) {
			refuse(packet, reason.notAuthorized, 2);
			return;
		}
		if (packet.will && checkTopic(packet.will.topic))
			throw new Violation(reason.topicNameInvalid, 'invalid will topic');
		const id = packet.clientId || `auto-${randomUUID()}`;
		const seconds = properties.sessionExpiryInterval ?? 0;
		const old = clean ? 0 : Number.POSITIVE_INFINITY;
		const expiry = version === 5 ? (seconds === 0xffff_ffff ? Number.POSITIVE_INFINITY : seconds) : old;
		if (properties.receiveMaximum === 0) throw new Violation(reason.protocolError, 'receive maximum of 0');

		const evict = (code: number) => end(code);
		const { session, present } = hub.open(id, clean, expiry, evict);
		const output = createOutput(
			stream,
			version,
			properties.receiveMaximum ?? 65_535,
			properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
		);
		const will = createWill(packet, session, hub);
		const client = createClient({ session, hub, output, version, end, will });
		state = { kind: 'open', version, handle: client, output, will, leave: () => hub.leave(session, evict) };
		keepaliveMs = (packet.keepalive ?? 0) * 1000;
		output.send({
			cmd: 'connack',
			sessionPresent: present,
			...(version === 5 ? { reasonCode: 0 } : { returnCode: 0 }),
			properties: {
				receiveMaximum: limits.receiveMaximum,
				topicAliasMaximum: limits.topicAliases,
				maximumPacketSize: limits.packet,
				...(packet.clientId ? {} : { assignedClientIdentifier: id }),
			},
		});
		session.attach(output);
		restartTimer();
	}

	input.on('packet', (packet) => {
		if (state.kind === 'open') {
			restartTimer();
			state.handle(packet);
		} else if (state.kind === 'waiting') {
			if (packet.cmd === 'connect') login(packet);
			else end();
		}
	});
	input.on('error', (error) => {
		throw new Violation(reason.malformed, String(error));
	});
	stream.on('data', (chunk: Buffer) => {
		if (state.kind === 'ended') return;
		try {
			// What is left is the part of a packet that is not yet complete.
			if (input.parse(chunk) > limits.packet) throw new Violation(reason.packetTooLarge, 'packet too large');
		} catch (error) {
			end(error instanceof Violation ? error.code : reason.malformed);
		}
	});
	stream.on('error', () => end());
	stream.on('close', () => end());
	stream.on('end', () => end());
}
