import type { Disposable } from '../../base/disposable';
import { type Failure, FailureError, toFailure } from '../../base/failure';
import { connectionEnded, endedBefore, messageDecides, placed, type RuleEnd, returned } from '../failures';
import type { Connection, ConnectionSpec, Received, RunContext } from '../run/connection';
import { connectionKey, createPool, type Pool } from '../run/connections/pool';
import { messageFilter } from '../run/message-filter';
import { type Plan, type PlanContext, planRequest } from '../run/plan/plan';
import type { Match } from '../run/results/expectations';
import type { StreamSource } from '../run/results/stream-judge';
import type { MessageFile, Section } from '../syntax/ast';
import { titleOf } from '../syntax/names';
import type { Surroundings } from '../values/builtins';
import type { Environment } from '../values/environments';
import { messagePlaces } from '../values/message-places';
import type { Scope } from '../values/variables';
import { createConditions } from './conditions';
import type { DeadLetters } from './dead-letters';
import { createLedger } from './ledger';
import { createLoops, hasPassed, type Loops, stepOf } from './loops';
import { createScopes } from './scope';
import { createSource, type Settle, type Source } from './source';
import type { Rule, RuleState } from './state';
import { createSteps, openTargets, type StepsOptions, type Work } from './steps';
import { createTargets } from './targets';
import { createWorker, type WorkResult } from './worker';

export type { Rule, RuleState, RuleStats, Violation } from './state';

/** Messages at work at a time, and repetitions of a step, unless the file says otherwise. */
const defaultInFlight = 100;
const defaultRetries = 3;
/** Milliseconds. */
const defaultTimeout = 10_000;
/** Longest wait for messages at work when a rule is stopped, in milliseconds. */
const finishWithin = 5000;
/** The same while a connection is down, over which they can hardly be finished. */
const finishWithinDown = 500;

export interface RuleOptions extends Omit<RunContext, 'signal' | 'timeout'>, Omit<PlanContext, 'scope' | 'answer'> {
	file: MessageFile;
	/** Its request has the verb ON. */
	section: Section;
	environment: Environment;
	around: Surroundings;
	match: Match;
	/** Makes one attempt. Throws a FailureError. */
	connect(spec: ConnectionSpec): Promise<Connection>;
	/** The connections of the run that the rule belongs to; its own unless given. */
	pool?: Pool;
	/** Of all rules of this process. */
	loops?: Loops;
	/** The address of a connection, the same for all names that it has. */
	addressOf?(spec: ConnectionSpec): string | undefined;
	/** Where the messages go that cannot be processed; undefined: they are only counted. `source`: the rule's connection. */
	deadLetters?(section: Section, source: ConnectionSpec): DeadLetters | undefined;
	/** Values that must be masked in all output; the rule adds to it. */
	hidden: Set<string>;
	/** A part of the result of an earlier request of the run. */
	result?: Scope['result'];
	/** Longest wait for a reply, and the time of a rule without an end of its own, in milliseconds; 10 s unless given. */
	timeout?: number;
	/** It runs until it is stopped, unless its metadata says otherwise. */
	untilStopped?: boolean;
	/** A count or the state has changed; at most ten times per second. */
	onChanged?(): void;
}

/** Plans the source of a rule. Throws a PlacedFailure for its first problem. */
export async function planRule(options: RuleOptions): Promise<Plan> {
	const { file, section } = options;
	const [wrong] = messagePlaces(file, section);
	if (wrong) throw placed(messageDecides(wrong.what), wrong.range);
	return planRequest(file, section, { ...options, scope: createScopes(options, undefined)() });
}

/**
 * Starts a rule. Resolves when its source is subscribed. Throws a FailureError if the file is wrong or a connection cannot be
 * opened.
 */
export async function startRule(options: RuleOptions): Promise<Rule> {
	const { file, section, around, match, clock, timeout = defaultTimeout } = options;
	const plan = await planRule(options);
	const deadLetters = options.deadLetters?.(section, plan.connection);
	const scopeFor = createScopes(options, plan.description.separator);
	const { inFlight = defaultInFlight, retries = defaultRetries, maxMessages, keepStreaming } = plan.options;
	const lasts = keepStreaming || options.untilStopped === true;
	const within = plan.options.timeout ?? (lasts || maxMessages !== undefined ? undefined : timeout);

	const ownPool = options.pool ? undefined : createPool(options.connect);
	const over = new AbortController();
	const ledger = createLedger({
		...{ clock, description: plan.description, deadLetters },
		onChanged: () => options.onChanged?.(),
	});
	let state: RuleState = 'starting';
	let endedBy: RuleEnd | undefined;
	let onEnded: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		onEnded = resolve;
	});
	const targets = createTargets({
		pool: options.pool ?? (ownPool as Pool),
		...{ clock, signal: over.signal },
		// A stop ends the attempts, which is no failure.
		onDown: (failure) => state !== 'stopping' && ledger.note(failure),
		onGone(failure) {
			// What is at work is left to the source.
			over.abort(new FailureError(failure));
			void finish('failure', failure);
		},
	});
	const loops = options.loops ?? createLoops(around.random, clock.now);
	const addressOf = once((one) => options.addressOf?.(one) ?? connectionKey(one));
	const spec = { ...plan.connection, own: false, hold: { limit: inFlight } };
	const place = addressOf(spec);
	const id = loops.newRule();
	const stepOptions: StepsOptions = {
		...options,
		...{
			describe: once(options.describe),
			timeout,
			signal: over.signal,
			source: { spec, description: plan.description },
			targets,
			loops,
			scopeFor,
			addressOf,
		},
	};
	const steps = createSteps(stepOptions);
	const conditions = section.request && createConditions(file, section.request, match, () => stream);
	const fits = messageFilter(plan);
	let stream: StreamSource | undefined;
	const worker = createWorker<Work & { settle: Settle }>({
		...{ steps, clock, signal: over.signal, inFlight, retries, onFailure: ledger.note },
		onResult: ({ message, settle }, result) => end(message, result, settle),
	});

	function end(message: Received, result: WorkResult, settle: Settle): Promise<void> | undefined {
		if (result.kind === 'done') {
			ledger.count('done');
			settle(message, 'done');
			return undefined;
		}
		return ledger.conclude(message, result, source?.holding()).then(
			(outcome) => settle(message, outcome),
			(error) => void finish('failure', toFailure(error)),
		);
	}

	function receive(message: Received, settle: Settle): void {
		if (state !== 'running' && state !== 'starting') return;
		if (!fits(message)) return;
		ledger.received();
		const way = loops.wayOf(place, message);
		if (hasPassed(way, id)) {
			ledger.count('looped', returned(message.target));
			settle(message, 'done');
		} else if (isMet(message, settle)) {
			if (!worker.add({ message, way: [...way, stepOf(id, place, message.target)], settle })) {
				ledger.count('dropped');
				settle(message, 'done');
			}
		}
		if (ledger.counts.received === maxMessages) void finish('maxMessages');
	}

	function sourceLost(failure: Failure): void {
		ledger.note(failure);
		// Their source delivers them again.
		for (const { message } of worker.all()) if (message.held) conditions?.forget(message);
	}

	/** Judges a message. Returns whether it goes on to the steps; otherwise it was counted and settled. */
	function isMet(message: Received, settle: Settle): boolean {
		try {
			const unmet = conditions?.unmet([message], 0, scopeFor(message)) ?? [];
			if (unmet.length === 0 && steps.length > 0) return true;
			ledger.count(unmet.length === 0 ? 'done' : 'unmet');
			if (steps.length === 0) ledger.violated(message, unmet);
		} catch (error) {
			void end(message, { kind: 'failed', failure: toFailure(error) }, settle);
			return false;
		}
		settle(message, 'done');
		return false;
	}

	let closing: Promise<void> | undefined;
	function finish(by: RuleEnd, failure?: Failure): Promise<void> {
		closing ??= close(by, failure);
		return closing;
	}

	async function close(by: RuleEnd, failure: Failure | undefined): Promise<void> {
		state = 'stopping';
		endedBy = by;
		const reason = new FailureError(endedBefore(by));
		ledger.changed();
		timer?.dispose();
		source?.stop();
		const tooLong = clock.after(targets.isWaiting() ? finishWithinDown : finishWithin, () => over.abort(reason));
		// The source has ended: what is at work cannot be acknowledged there, but its steps are finished.
		await worker.idle();
		tooLong.dispose();
		over.abort(reason);
		noLongerReceives();
		await source?.close();
		await ownPool?.close();
		await deadLetters?.close();
		state = 'ended';
		ledger.changed();
		onEnded(failure);
	}

	const noLongerReceives = loops.receives(place);
	let timer: Disposable | undefined;
	let source: Source | undefined;
	try {
		// First: a connection that is opened to hold messages does so from the first one.
		stream = (await targets.open(spec)).connection;
		await openTargets(stepOptions);
		source = await createSource({
			...{ spec, subscriptions: plan.subscriptions, limit: inFlight, targets, clock, signal: over.signal },
			...{ reconnect: lasts, onMessage: receive, onDown: sourceLost },
			onEnd: (failure) => void finish('failure', failure ?? connectionEnded),
		});
	} catch (error) {
		over.abort(error);
		noLongerReceives();
		await ownPool?.close();
		throw error;
	}
	if (closing !== undefined) {
		// It has received all that it should while it was subscribing.
		source.stop();
		await source.close();
	} else {
		state = 'running';
		if (within !== undefined) timer = clock.after(within, () => void finish('timeout'));
		ledger.changed();
	}
	return {
		section,
		name: titleOf(file, section),
		keepsStreaming: lasts,
		state: () => state,
		stats: () => ({ ...ledger.stats(worker.size), ...(endedBy && { endedBy }) }),
		holding: () => source?.holding(),
		deadLetters: () => deadLetters?.place,
		ended,
		stop: () => finish('stop'),
	};
}

/** Asks once for each connection: resolving a profile costs more than all else that is done with a message. */
function once<T>(ask: (spec: ConnectionSpec) => T): (spec: ConnectionSpec) => T {
	const answers = new Map<string, T>();
	return (spec) => {
		const key = connectionKey(spec);
		const known = answers.get(key);
		if (known !== undefined) return known;
		const answer = ask(spec);
		answers.set(key, answer);
		return answer;
	};
}
