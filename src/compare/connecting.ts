import type { Traffic } from '../protocols/adapter';
import { connect, type Subject, total } from './connection';
import type { Connecting } from './report/types';

/** Opens the connection so many times, one after the other, and measures each. Throws the failure of an attempt. */
export async function measureConnecting(subject: Subject, attempts: number, signal: AbortSignal): Promise<Connecting> {
	const all: Connecting[] = [];
	for (let attempt = 0; attempt < attempts; attempt++) all.push(await once(subject, signal));
	all.sort((one, other) => one.ms - other.ms);
	return all[Math.floor(all.length / 2)] as Connecting;
}

async function once(subject: Subject, signal: AbortSignal): Promise<Connecting> {
	const sockets: Traffic[] = [];
	const watch = watchTurns(sockets);
	const start = performance.now();
	try {
		const connection = await connect(subject, signal, sockets);
		const ms = performance.now() - start;
		watch.stop();
		const bytes = connection.traffic();
		await connection.close();
		return { ms, bytes, roundTrips: watch.roundTrips, sockets: sockets.length };
	} finally {
		watch.stop();
	}
}

/**
 * Counts how often bytes arrive after bytes were sent. It looks once in each turn of the event loop: an answer is read in a
 * later turn than its request was written, so none is missed. A TCP handshake is one round trip that transfers no bytes here.
 */
function watchTurns(sockets: readonly Traffic[]) {
	let roundTrips = 0;
	let waiting = false;
	let before = { sent: 0, received: 0 };
	let known = 0;
	let stopped = false;
	const look = () => {
		const now = total(sockets);
		for (; known < sockets.length; known++) if (sockets[known]?.handshake) roundTrips++;
		if (now.received > before.received && waiting) {
			roundTrips++;
			waiting = false;
		}
		if (now.sent > before.sent) waiting = true;
		before = now;
	};
	const turn = () => {
		if (stopped) return;
		look();
		setImmediate(turn);
	};
	turn();
	return {
		get roundTrips() {
			return roundTrips;
		},
		stop() {
			if (!stopped) look();
			stopped = true;
		},
	};
}
