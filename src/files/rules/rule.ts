import type { Disposable } from '../../base/disposable';
import { type Failure, FailureError, toFailure } from '../../base/failure';
import { connectionEnded, endedBefore, type RuleEnd, returned } from '../failures';
import type { Received } from '../run/connection';
import { perConnection } from '../run/connections/per-connection';
import { connectionKey, createPool, type Pool } from '../run/connections/pool';
import { messageFilter } from '../run/message-filter';
import type { StreamSource } from '../run/results/stream-judge';
import { titleOf } from '../syntax/names';
import { createConditions } from './conditions';
import { createLedger } from './ledger';
import { createLoops, hasPassed, stepOf } from './loops';
import { planRule, type RuleOptions } from './plan-rule';
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
	const addressOf = perConnection((one) => options.addressOf?.(one) ?? connectionKey(one));
	const spec = { ...plan.connection, own: false, hold: { limit: inFlight } };
	const place = addressOf(spec);
	const id = loops.newRule();
	const stepOptions: StepsOptions = {
		...options,
		...{
			describe: perConnection(options.describe),
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
