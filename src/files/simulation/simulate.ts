import { type Failure, toFailure } from '../../base/failure';
import { createWindow } from '../../base/window';
import type { Connection, ConnectionSpec, RunContext } from '../run/connection';
import { perConnection } from '../run/connections/per-connection';
import { createPool } from '../run/connections/pool';
import { type Plan, type PlanContext, planRequest } from '../run/plan/plan';
import { headOf } from '../run/results/head';
import type { JudgeContext } from '../run/results/judge';
import type { AssertionResult, RequestResult } from '../run/results/result';
import type { MessageFile, Section } from '../syntax/ast';
import { type Client, openClients } from './clients';
import { type PaceOptions, pace } from './pace';
import { watchProgress } from './progress';
import { reportFailure, type SimulationProgress } from './report';
import { createSender, type PlanOf, type Sender } from './sender';
import type { Simulation } from './settings';
import { createTally } from './tally';
import { within } from './within';

export interface SimulationOptions extends JudgeContext, PlanContext, RunContext {
	simulation: Simulation;
	/** Makes one attempt for the client of the spec, and ends it when the run is stopped. Throws a FailureError. */
	connect(spec: ConnectionSpec): Promise<Connection>;
	/** Called about four times a second. */
	onProgress?(progress: SimulationProgress): void;
}

/** Limits of messages and bytes without a receipt. */
const maxPending = 5000;
const maxPendingBytes = 16 * 1024 * 1024;
/** Milliseconds that receipts may take after a stop. */
const stopWithin = 200;

/** The result of a request that nothing is known of yet. */
export const emptyResult = (file: MessageFile, section: Section): Omit<RequestResult, 'ending'> => ({
	...headOf(file, section),
	...{ receipts: [], messages: [], assertions: [], runs: 0, ms: 0 },
});

/** Runs a request for many clients. Never throws for what the file or the peers do. */
export async function simulate(options: SimulationOptions): Promise<RequestResult> {
	const { file, section, clock, signal } = options;
	const began = clock.now();
	const head = emptyResult(file, section);
	const planOf = createPlanner(options);
	try {
		// What is wrong with the message of the first client is wrong with the request.
		const first = await planOf(1, 0);
		const result = await run(options, planOf, first);
		return { ...head, ...result, ms: clock.now() - began };
	} catch (error) {
		const ending = signal.aborted ? 'stopped' : 'invalid';
		return { ...head, ending, failure: toFailure(error), ms: clock.now() - began };
	}
}

/** Plans messages. Files are read once. */
function createPlanner(options: SimulationOptions): PlanOf {
	const { file, section, scope, simulation } = options;
	const files = new Map<string, Promise<Uint8Array>>();
	const context: Omit<PlanContext, 'scope'> = {
		describe: perConnection(options.describe),
		readFile(path) {
			const read = files.get(path) ?? options.readFile(path);
			files.set(path, read);
			return read;
		},
	};
	return (client, message) => {
		const device = { client, clients: simulation.clients, message };
		const own = { ...scope, around: { ...scope.around, device } };
		return planRequest(file, section, { ...context, scope: own });
	};
}

async function run(
	options: SimulationOptions,
	planOf: PlanOf,
	first: Plan,
): Promise<Pick<RequestResult, 'ending' | 'failure' | 'simulation' | 'assertions' | 'runs'>> {
	const { simulation, clock, signal, around } = options;
	const tally = createTally(first.description);
	const pool = createPool(options.connect);
	const window = createWindow(maxPending, maxPendingBytes);
	const runId = [...around.random(3)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	const sender = createSender({ ...options, tally, window, planOf, first });
	const progress = watchProgress({ ...options, clients: simulation.clients, tally });
	let took = { behind: 0, ms: 0 };
	try {
		const clients = await openClients({ ...options, pool, tally, run: runId, plan: (number) => planOf(number, 0) });
		if (tally.clients.connected > 0 && !signal.aborted) {
			progress.enter('sending');
			const paced: PaceOptions = {
				...{ simulation, window, clock, signal },
				send: (client, number, due) => sender.send(clients[client], number, due).planned,
			};
			const { perSecond } = simulation;
			took = perSecond === undefined ? await inTurn(clients, options, sender.send) : await pace(perSecond, paced);
			progress.enter('waiting');
			const settled = window.empty();
			await within(settled, Number.POSITIVE_INFINITY, options);
			if (signal.aborted) await within(settled, stopWithin, { clock, signal: new AbortController().signal });
		}
	} finally {
		progress.dispose();
		await pool.close();
	}
	tally.counts.behind = took.behind;
	const rate = {
		...(simulation.perSecond !== undefined && { wanted: simulation.perSecond }),
		achieved: took.ms > 0 ? Math.round((tally.counts.sent * 100_000) / took.ms) / 100 : 0,
	};
	// What was on its way at a stop is no failure.
	const failure = reportFailure(tally.report(simulation.clients, rate));
	tally.pending(sender.pending);
	const assertions = sender.verdicts.results();
	return {
		...endingOf(tally.clients.connected, failure, assertions, signal.aborted),
		simulation: tally.report(simulation.clients, rate),
		...{ assertions, runs: sender.runs },
	};
}

/** Each client sends its next message when the one before is done. */
async function inTurn(
	clients: (Client | undefined)[],
	options: SimulationOptions,
	send: Sender['send'],
): Promise<{ behind: number; ms: number }> {
	const { simulation, clock, signal } = options;
	const { times = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY } = simulation;
	const start = clock.now();
	await Promise.all(
		clients.map(async (client) => {
			for (let number = 0; number < times; number++) {
				const now = clock.now();
				if (signal.aborted || now >= start + forMs || !client || client.lost) return;
				const { done } = send(client, number, now);
				if (done) await within(done, Number.POSITIVE_INFINITY, options);
			}
		}),
	);
	return { behind: 0, ms: clock.now() - start };
}

function endingOf(
	connected: number,
	failure: Failure | undefined,
	assertions: readonly AssertionResult[],
	stopped: boolean,
): Pick<RequestResult, 'ending' | 'failure'> {
	if (failure) return { ending: connected === 0 ? 'unconnected' : 'failed', failure };
	if (assertions.some(({ ending }) => ending === 'failed')) return { ending: 'failed' };
	return { ending: stopped ? 'stopped' : 'passed' };
}
