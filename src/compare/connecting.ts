import { sleep } from '../base/sleep';
import type { Traffic } from '../protocols/adapter';
import { type Connection, connect, type Subject, total } from './connection';
import { idleOf } from './report/idle';
import type { Connecting, IdleBytes, ReportSubject } from './report/types';

const attempts = 5;

/** The cost of connecting and of an idle connection. `idle`: seconds of observation. Throws the failure of an attempt. */
export async function measureConnecting(
	subject: Subject,
	idle: number,
	signal: AbortSignal,
): Promise<Pick<ReportSubject, 'connecting' | 'facts' | 'encrypted' | 'idle'>> {
	const all: Connecting[] = [];
	for (let attempt = 0; attempt < attempts; attempt++) all.push(await once(subject, signal));
	all.sort((one, other) => one.ms - other.ms);
	const connection = await connect(subject, signal);
	const { facts, security } = connection.link;
	const computed = idleOf(subject.description, subject.profile.values);
	const observed = idle > 0 ? await observeIdle(connection, idle, signal) : computed;
	await connection.close();
	return {
		connecting: all[Math.floor(all.length / 2)] as Connecting,
		facts: facts.map(({ label, value }) => `${label}: ${value}`).join(', '),
		encrypted: security.encrypted,
		...(observed && { idle: observed }),
	};
}

/** Ends early when the connection does, or when `signal` is aborted. */
async function observeIdle(connection: Connection, seconds: number, signal: AbortSignal): Promise<IdleBytes> {
	const before = connection.traffic();
	const start = performance.now();
	const end = new AbortController();
	const stop = () => end.abort();
	signal.addEventListener('abort', stop);
	void connection.link.ended.then(stop);
	if (!signal.aborted) await sleep(seconds * 1000, end.signal);
	signal.removeEventListener('abort', stop);
	const observed = Math.max(1, (performance.now() - start) / 1000);
	const after = connection.traffic();
	const perHour = (bytes: number) => Math.round((bytes * 3600) / observed);
	return {
		perHour: { sent: perHour(after.sent - before.sent), received: perHour(after.received - before.received) },
		observed,
		what: connection.ended ? `until it ended: ${connection.ended.message}` : '',
	};
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
