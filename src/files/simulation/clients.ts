import { toFailure } from '../../base/failure';
import type { Values } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import type { ClientIdentity, RunContext } from '../run/connection';
import type { Pool, Pooled } from '../run/connections/pool';
import type { Plan } from '../run/plan/plan';
import { pause } from '../run/repeat';
import type { Simulation } from './settings';
import type { Tally } from './tally';

/** Attempts to connect per second, so that a broker is not flooded with handshakes. */
export const connectionsPerSecond = 100;

/** A simulated client with its connection. */
export interface Client {
	/** From 1. */
	number: number;
	pooled: Pooled;
	/** The connection has ended. */
	lost: boolean;
	/** Ends the last of its exchanges, which run one after the other. */
	turn: Promise<void>;
}

/** The fields of a profile with a name of its own for each client, where the peer knows clients by a name. */
export function clientValues({ client }: ProtocolDescription, values: Values, { number, run }: ClientIdentity): Values {
	if (client === undefined) return values;
	const own = values[client];
	const base = typeof own === 'string' && own !== '' ? own : `simulation-${run}`;
	return { ...values, [client]: `${base}-${number}` };
}

export interface OpenOptions extends Pick<RunContext, 'clock' | 'signal'> {
	simulation: Simulation;
	pool: Pool;
	tally: Tally;
	/** Distinguishes the names of this run's clients from those of others. */
	run: string;
	/** The plan of a client's first message. Throws what is wrong with it. */
	plan(client: number): Promise<Plan>;
}

/**
 * Opens all clients. Clients that cannot connect are counted with the reason. Resolves with the others, in order, when each
 * has connected or failed, or at once when the run is stopped.
 */
export async function openClients(options: OpenOptions): Promise<(Client | undefined)[]> {
	const { simulation, clock, signal, pool, tally, run } = options;
	const clients: (Client | undefined)[] = Array.from({ length: simulation.clients }, () => undefined);

	async function open(number: number): Promise<void> {
		try {
			const { connection } = await options.plan(number);
			const pooled = await pool.open({ ...connection, own: true, client: { number, run } });
			// The pool may be closed already.
			if (signal.aborted) return await pooled.connection.close();
			const client: Client = { number, pooled, lost: false, turn: Promise.resolve() };
			clients[number - 1] = client;
			tally.clients.connected++;
			pooled.connection.listen(
				() => {},
				(failure) => {
					if (signal.aborted || pool.closed) return;
					client.lost = true;
					tally.clientFailed('lost', `Client ${number}: ${failure?.message ?? 'The connection was closed.'}`);
				},
			);
		} catch (error) {
			if (signal.aborted) return;
			const { message, evidence } = toFailure(error);
			tally.clientFailed('refused', `Client ${number}: ${message}${evidence ? ` (${evidence})` : ''}`);
		}
	}

	const began = clock.now();
	const attempts: Promise<void>[] = [];
	const stopped = new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener('abort', () => resolve());
	});
	for (let number = 1; number <= simulation.clients && !signal.aborted; number++) {
		const due = began + ((number - 1) * 1000) / connectionsPerSecond;
		if (due > clock.now()) await pause(due - clock.now(), options);
		if (!signal.aborted) attempts.push(open(number));
	}
	await Promise.race([Promise.all(attempts), stopped]);
	return clients;
}
