import { connect, createServer, type Socket } from 'node:net';
import { listen } from './listen';

/** Stands between a client and its server, and breaks what a network can break. */
export interface Relay {
	readonly port: number;
	/** Connections since the start. */
	readonly accepted: number;
	/** Resets both sides of every connection. */
	cut(): void;
	/** From now on nothing passes, in either direction, and nobody is told: what a half-open connection looks like. */
	mute(): void;
	/** New connections pass again; those that were muted never do. */
	unmute(): void;
	close(): Promise<void>;
}

export async function startRelay(to: number): Promise<Relay> {
	const pairs = new Set<[Socket, Socket]>();
	let accepted = 0;
	let muted = false;
	const server = createServer({ noDelay: true }, (near) => {
		accepted++;
		const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
		const pair: [Socket, Socket] = [near, far];
		pairs.add(pair);
		for (const [from, into] of [pair, [far, near]] as [Socket, Socket][]) {
			from.on('error', () => {});
			from.on('close', () => {
				pairs.delete(pair);
				into.destroy();
			});
		}
		if (muted) return;
		near.pipe(far);
		far.pipe(near);
	});
	const port = await listen(server);
	return {
		port,
		get accepted() {
			return accepted;
		},
		cut() {
			for (const [near, far] of pairs) {
				near.resetAndDestroy();
				far.resetAndDestroy();
			}
		},
		mute() {
			muted = true;
			for (const pair of pairs)
				for (const socket of pair) {
					socket.unpipe();
					socket.pause();
				}
		},
		unmute() {
			muted = false;
		},
		close() {
			for (const pair of pairs) for (const socket of pair) socket.destroy();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}
