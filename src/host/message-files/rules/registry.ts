import type * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { Emitter, type Event } from '../../../base/event';
import { type Failure, toFailure } from '../../../base/failure';
import type { Rule, RuleState, RuleStats } from '../../../files/rules/rule';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import type { Holding } from '../../../model/contracts/hold';
import type { Log } from '../../ui/log';
import { isCancelled } from '../../ui/show';
import { keyOf, parsed } from '../parsed';
import { type Cleaner, createCleaner } from './cleaner';
import { matchRuns, signatureOf } from './matching';
import { isActive, type RuleRun } from './rule-run';

/** Interval between readings of the figures of running rules, in milliseconds. */
const interval = 500;
/** Longest wait for a rule to stop, in milliseconds. */
const maxStop = 10_000;

/** What a start returns. */
export interface Started {
	rule: Rule;
	hidden: ReadonlySet<string>;
}

export interface StartRequest {
	document: vscode.TextDocument;
	file: MessageFile;
	section: Section;
	/** Aborted when the rule is to end. */
	signal: AbortSignal;
}

/** The rules that this window has started. They go on while their files are edited or closed, and end with the window. */
export interface RuleRuns extends Disposable {
	/** A rule has started, stopped or ended. */
	readonly onChanged: Event<void>;
	/** The figures of running rules have changed; at most twice a second. */
	readonly onFigures: Event<void>;
	/** A running rule has ended with a failure. */
	readonly onFailed: Event<RuleRun>;
	readonly all: readonly RuleRun[];
	/**
	 * Starts the rule unless it is active. Resolves when it runs or could not start, with false if the user has declined a
	 * question. Never throws for what a file or a peer does: the failure is in the list.
	 */
	start(document: vscode.TextDocument, section: Section): Promise<boolean>;
	/** Resolves when the rule has ended. */
	stop(run: RuleRun): Promise<void>;
	stopAll(): Promise<void>;
	/** A file or folder has got another place. */
	moved(from: vscode.Uri, to: vscode.Uri): void;
}

interface Entry extends RuleRun, Cleaner {
	uri: vscode.Uri;
	state: RuleState;
	stats: RuleStats | undefined;
	failure: Failure | undefined;
	deadLetters: string | undefined;
	holding: Holding | undefined;
	rule?: Rule;
	readonly abort: AbortController;
	/** Resolves when the rule has ended. */
	readonly ended: Promise<void>;
	resolve(): void;
}

/** `begin` starts a rule on its connections; it throws a failure. */
export function createRuleRuns(begin: (request: StartRequest) => Promise<Started>, log: Pick<Log, 'clean'>): RuleRuns {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<void>());
	const figures = lifetime.add(new Emitter<void>());
	const failed = lifetime.add(new Emitter<RuleRun>());
	let entries: Entry[] = [];
	let timer: ReturnType<typeof setInterval> | undefined;

	function read(entry: Entry): boolean {
		if (!entry.rule) return false;
		const before = entry.stats;
		entry.deadLetters = entry.rule.deadLetters();
		entry.holding = entry.rule.holding();
		const { violations, lastFailure, ...stats } = entry.rule.stats();
		entry.stats = {
			...stats,
			...(lastFailure && { lastFailure: entry.clean(lastFailure) }),
			// The rule goes on writing into its list.
			violations: before?.unmet === stats.unmet ? before.violations : violations.map(entry.cleanViolation),
		};
		return JSON.stringify({ ...before, violations: [] }) !== JSON.stringify({ ...entry.stats, violations: [] });
	}

	function tick(): void {
		const active = entries.filter(isActive);
		if (active.length === 0) {
			clearInterval(timer);
			timer = undefined;
			return;
		}
		const states = active.map((entry) => {
			const { state } = entry;
			const now = entry.rule?.state();
			// The registry itself decides when a rule has ended, with its failure.
			if (now && now !== 'ended' && entry.state !== 'stopping') entry.state = now;
			return entry.state !== state;
		});
		const updated = active.map(read);
		if (states.includes(true)) changed.fire();
		if (updated.includes(true)) figures.fire();
	}

	function end(entry: Entry, failure: Failure | undefined): void {
		const ran = entry.rule !== undefined;
		read(entry);
		entry.state = 'ended';
		entry.failure = failure && entry.clean(failure);
		changed.fire();
		entry.resolve();
		if (ran && failure) failed.fire(entry);
	}

	/** Resolves when the rule runs or could not start, with false if the user has declined a question. */
	async function launch(entry: Entry, document: vscode.TextDocument): Promise<boolean> {
		const { file, section, abort } = entry;
		try {
			const { rule, hidden } = await begin({ document, file, section, signal: abort.signal });
			entry.rule = rule;
			Object.assign(entry, createCleaner(log, hidden));
			void rule.ended.then((failure) => end(entry, failure));
			if (abort.signal.aborted) await rule.stop();
			else {
				entry.state = 'running';
				read(entry);
				changed.fire();
			}
			return true;
		} catch (error) {
			const failure = toFailure(error);
			const isDeclined = isCancelled(failure);
			end(entry, abort.signal.aborted || isDeclined ? undefined : failure);
			return !isDeclined;
		}
	}

	return {
		onChanged: changed.event,
		onFigures: figures.event,
		onFailed: failed.event,
		get all() {
			return entries;
		},
		async start(document, section) {
			const { uri } = document;
			const file = parsed(document);
			const key = keyOf(file, section);
			// Its title may have been edited since.
			const own = entries.filter((one) => one.uri.toString() === uri.toString());
			const before = matchRuns(file, own).get(section);
			if (before && isActive(before)) return true;
			let resolve: () => void = () => {};
			const entry: Entry = {
				...{ uri, key, file, section, signature: signatureOf(file, section) },
				...{
					state: 'starting',
					stats: undefined,
					failure: undefined,
					deadLetters: undefined,
					holding: undefined,
					...createCleaner(log, new Set()),
				},
				abort: new AbortController(),
				ended: new Promise((done) => {
					resolve = done;
				}),
				resolve: () => resolve(),
			};
			entries = [...entries.filter((one) => one !== before), entry];
			changed.fire();
			timer ??= setInterval(tick, interval);
			return await launch(entry, document);
		},
		async stop(run) {
			const entry = entries.find((one) => one === run);
			if (!entry || !isActive(entry)) return;
			entry.state = 'stopping';
			entry.abort.abort();
			changed.fire();
			let late: ReturnType<typeof setTimeout> | undefined;
			const deadline = new Promise<void>((resolve) => {
				late = setTimeout(resolve, maxStop);
			});
			void entry.rule?.stop().catch(() => {});
			await Promise.race([entry.ended, deadline]);
			clearTimeout(late);
		},
		async stopAll() {
			await Promise.all(entries.map((entry) => this.stop(entry)));
		},
		moved(from, to) {
			const old = from.toString();
			let isAny = false;
			for (const entry of entries) {
				const now = entry.uri.toString();
				if (now !== old && !now.startsWith(`${old}/`)) continue;
				entry.uri = to.with({ path: to.path + entry.uri.path.slice(from.path.length) });
				isAny = true;
			}
			if (!isAny) return;
			// A new list, so that runs are matched to files anew.
			entries = [...entries];
			changed.fire();
		},
		dispose() {
			clearInterval(timer);
			for (const entry of entries) {
				entry.abort.abort();
				void entry.rule?.stop().catch(() => {});
			}
			lifetime.dispose();
		},
	};
}
