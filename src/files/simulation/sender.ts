import { toFailure } from '../../base/failure';
import type { Window } from '../../base/window';
import type { Draft } from '../../model/contracts/message';
import type { RunContext } from '../run/connection';
import { compileRequest } from '../run/plan/compile';
import type { Plan } from '../run/plan/plan';
import { type JudgeContext, judgeAll } from '../run/results/judge';
import { runRequest } from '../run/run-request';
import type { Client } from './clients';
import type { Simulation } from './settings';
import type { Tally } from './tally';
import { createVerdicts, type Verdicts } from './verdicts';

/** Plans a message of a client, which are numbered from 1 and from 0. Throws a PlacedFailure. */
export type PlanOf = (client: number, message: number) => Promise<Plan>;

export interface SenderOptions extends JudgeContext, RunContext {
	simulation: Simulation;
	tally: Tally;
	window: Window;
	planOf: PlanOf;
	/** The plan of any message. */
	first: Plan;
}

/** A message on its way. Undefined: it is not sent, or that has happened already. */
export interface Sending {
	/** Resolves when it has been handed to the connection. */
	planned?: Promise<void>;
	/** Ends with its receipt or reply. */
	done?: Promise<unknown>;
}

const draftsOf = ({ steps }: Plan): Draft[] => steps.flatMap(({ drafts }) => drafts);

/** Sends the messages of a simulation and counts what becomes of them. */
export interface Sender {
	/** Sends a message of a client; one that cannot be sent is counted. `due`: when it should be sent, by the clock. */
	send(client: Client | undefined, number: number, due: number): Sending;
	/** Messages and exchanges without an end. */
	readonly pending: number;
	/** Messages and exchanges that have begun. */
	readonly runs: number;
	readonly verdicts: Verdicts;
}

export function createSender(options: SenderOptions): Sender {
	const { file, section, scope, simulation, clock, signal, tally, window, planOf, first } = options;
	const verdicts = createVerdicts();
	/** Each client waits for the answers to a message before it sends the next one. */
	const exchanges =
		first.request || first.receives || first.steps.some(({ separator }) => separator && separator.kind !== 'next');
	const maker = exchanges ? undefined : compileRequest(file, section, scope, first);
	let runs = 0;
	const hasExpectations = (section.request?.assertions.length ?? 0) > 0;
	const judge = (sent: number) => {
		if (hasExpectations)
			verdicts.add(judgeAll(options, { messages: [], ms: clock.now() - sent }, undefined).assertions);
	};

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
				for (const { proof } of failure && !isRefusal ? receipts.slice(0, -1) : receipts)
					tally.accepted(proof, due, sent, sent + ms);
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
			return { done: sendAll(client, maker({ ...scope, around: { ...scope.around, device } }), due) };
		} catch (error) {
			failed(error);
			return {};
		}
	}

	return {
		send,
		verdicts,
		get pending() {
			return pending;
		},
		get runs() {
			return runs;
		},
	};
}
