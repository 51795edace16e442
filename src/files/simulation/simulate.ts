import { type Failure, toFailure } from '../../base/failure';
import { createWindow } from '../../base/window';
import type { Draft } from '../../model/contracts/message';
import { redactSentence } from '../../model/text/redact';
import type { Connection, ConnectionSpec, RunContext } from '../run/connection';
import { createPool } from '../run/connections/pool';
import { type Plan, type PlanContext, planRequest } from '../run/plan';
import { type JudgeContext, judgeAll } from '../run/results/judge';
import type { AssertionResult, RequestResult } from '../run/results/result';
import { runRequest } from '../run/run-request';
import { lineOf } from '../syntax/ast';
import { optionsOf } from '../syntax/metadata';
import { titleOf } from '../syntax/names';
import { type Client, openClients } from './clients';
import { compileRequest, type MessageMaker } from './compile';
import { type PaceOptions, pace } from './pace';
import { watchProgress } from './progress';
import { reportFailure, type SimulationProgress } from './report';
import type { Simulation } from './settings';
import { createTally } from './tally';
import { createVerdicts } from './verdicts';
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
const stopWithin = 300;

/** Runs a request for many clients. Never throws for what the file or the peers do. */
export async function simulate(options: SimulationOptions): Promise<RequestResult> {
	const { file, section, clock, signal } = options;
	const began = clock.now();
	const { name, notes } = optionsOf(file, section);
	const start = section.request?.start ?? section.start;
	const head = {
		title: redactSentence(titleOf(file, section)),
		...(name && { name: name.text }),
		...{ notes, range: { start, end: section.request?.end ?? section.end }, line: lineOf(file.text, start) },
		...{ receipts: [], messages: [], assertions: [], runs: 0 },
	};
	const planOf = createPlanner(options);
	try {
		// What is wrong with the message of the first client is wrong with the request.
		const { description } = await planOf(1, 0);
		const result = await run(options, planOf, description);
		return { ...head, ...result, ms: clock.now() - began };
	} catch (error) {
		const ending = signal.aborted ? 'stopped' : 'invalid';
		return { ...head, ending, failure: toFailure(error), ms: clock.now() - began };
	}
}

type PlanOf = (client: number, message: number) => Promise<Plan>;

/** Plans messages. Files are read once. */
function createPlanner(options: SimulationOptions): PlanOf {
	const { file, section, scope, simulation } = options;
	const files = new Map<string, Promise<Uint8Array>>();
	const specs = new Map<string, ReturnType<PlanContext['describe']>>();
	const context: Omit<PlanContext, 'scope'> = {
		describe(spec) {
			const key = `${spec.profile} ${spec.url} ${spec.protocol}`;
			if (!specs.has(key)) specs.set(key, options.describe(spec));
			return specs.get(key);
		},
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

/** A message on its way. Undefined: it is not sent, or that has happened already. */
interface Sending {
	/** Resolves when it has been handed to the connection. */
	planned?: Promise<void>;
	/** Ends with its receipt or reply. */
	done?: Promise<unknown>;
}

const draftsOf = ({ steps }: Plan): Draft[] => steps.flatMap(({ drafts }) => drafts);

async function run(
	options: SimulationOptions,
	planOf: PlanOf,
	description: Plan['description'],
): Promise<Pick<RequestResult, 'ending' | 'failure' | 'simulation' | 'assertions' | 'runs'>> {
	const { simulation, clock, signal, around, scope } = options;
	const tally = createTally(description);
	const verdicts = createVerdicts();
	const pool = createPool(options.connect);
	const window = createWindow(maxPending, maxPendingBytes);
	const progress = watchProgress({ ...options, clients: simulation.clients, tally });
	const runId = [...around.random(3)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	let runs = 0;

	const hasExpectations = (options.section.request?.assertions.length ?? 0) > 0;
	const judge = (sent: number) => {
		if (hasExpectations)
			verdicts.add(judgeAll(options, { messages: [], ms: clock.now() - sent }, undefined).assertions);
	};

	/** Messages or exchanges without an end. */
	let pending = 0;
	function begin(bytes: number): () => void {
		const done = window.add(bytes);
		pending++;
		return () => {
			pending--;
			done();
		};
	}

	/** Sends messages without waiting for their receipts. Resolves when all have one. */
	function sendAll({ pooled: { connection } }: Client, drafts: readonly Draft[], due: number): Promise<unknown> {
		const sending = drafts.map((draft) => {
			const done = begin(draft.payload.length);
			const sent = clock.now();
			return connection.send(draft).then(
				(receipt) => {
					done();
					tally.receipt(receipt, due, sent, clock.now());
					judge(sent);
				},
				(error) => {
					done();
					tally.unsent(toFailure(error).message);
				},
			);
		});
		return sending.length === 1 ? (sending[0] as Promise<void>) : Promise.all(sending);
	}

	/** Sends and waits for the answers, after the client's exchanges before. */
	function exchange(client: Client, number: number, due: number): Promise<void> {
		const done = begin(0);
		client.turn = client.turn.then(async () => {
			try {
				if (signal.aborted) return;
				const plan = await planOf(client.number, number);
				const sent = clock.now();
				const { receipts, failure, ms, assertions } = await runRequest({ ...options, ...client.pooled, plan });
				if (failure && signal.aborted) return;
				const isRefusal = failure?.code === 'refused' || failure?.code === 'unrouted';
				// The last message is the one whose answer did not come.
				for (const receipt of failure && !isRefusal ? receipts.slice(0, -1) : receipts)
					tally.receipt(receipt, due, sent, sent + ms);
				if (failure) tally.unanswered(failure);
				verdicts.add(assertions);
			} catch (error) {
				tally.unsent(toFailure(error).message);
			} finally {
				done();
			}
		});
		return client.turn;
	}

	/** Sends the next message of a client; one that cannot be sent is counted. */
	function send(client: Client | undefined, number: number, due: number): Sending {
		if (!client || client.lost) {
			tally.counts.skipped++;
			return {};
		}
		runs++;
		if (exchanges) return { done: exchange(client, number, due) };
		const failed = (error: unknown) => tally.unsent(toFailure(error).message);
		if (!maker) {
			const planned = planOf(client.number, number).then((plan) => sendAll(client, draftsOf(plan), due));
			return { planned: planned.then(() => {}, failed), done: planned };
		}
		try {
			const device = { client: client.number, clients: simulation.clients, message: number };
			return { done: sendAll(client, maker({ ...scope.around, device }), due) };
		} catch (error) {
			failed(error);
			return {};
		}
	}

	/** Each client sends its next message when the one before is done. */
	async function inTurn(clients: (Client | undefined)[]): Promise<{ behind: number; ms: number }> {
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

	let exchanges = false;
	let maker: MessageMaker | undefined;
	let sending = { behind: 0, ms: 0 };
	try {
		const first = await planOf(1, 0);
		exchanges =
			first.request || first.receives || first.steps.some(({ separator }) => separator && separator.kind !== 'next');
		if (!exchanges) maker = compileRequest(options.file, options.section, scope, first);
		const clients = await openClients({ ...options, pool, tally, run: runId, plan: (number) => planOf(number, 0) });
		if (tally.clients.connected > 0 && !signal.aborted) {
			progress.enter('sending');
			const paced: PaceOptions = {
				...{ simulation, window, clock, signal },
				send: (client, number, due) => send(clients[client], number, due).planned,
			};
			const { perSecond } = simulation;
			sending = perSecond === undefined ? await inTurn(clients) : await pace(perSecond, paced);
			progress.enter('waiting');
			const settled = window.empty();
			await within(settled, Number.POSITIVE_INFINITY, options);
			if (signal.aborted) await within(settled, stopWithin, { clock, signal: new AbortController().signal });
		}
	} finally {
		progress.dispose();
		await pool.close();
	}
	tally.counts.behind = sending.behind;
	const rate = {
		...(simulation.perSecond !== undefined && { wanted: simulation.perSecond }),
		achieved: sending.ms > 0 ? (tally.counts.sent * 1000) / sending.ms : 0,
	};
	// What was on its way at a stop is no failure.
	const failure = reportFailure(tally.report(simulation.clients, rate));
	tally.pending(pending);
	const assertions = verdicts.results();
	return {
		...endingOf(tally.clients.connected, failure, assertions, signal.aborted),
		simulation: tally.report(simulation.clients, rate),
		...{ assertions, runs },
	};
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
