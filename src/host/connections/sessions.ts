import { withDeadline } from '../../base/deadline';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { Emitter, type Event } from '../../base/event';
import { type Failure, FailureError, fail, withoutCommand } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Limits, OpenRequest, Status, TestReport } from '../../model/contracts/session';
import { configuredNames } from '../../model/text/redact';
import { cutText } from '../../model/text/text';
import type { Log } from '../ui/log';
import { type Engine, goneFailure, startEngine } from './engine';

/** One profile's session: its thread is made on first use and kept after closing, so that the log stays readable. */
export interface HostSession {
	readonly id: string;
	readonly protocol: string;
	readonly status: Status;
	/** Starts the thread if there is none. Throws `no-session` after the thread has died, until the next `open`. */
	engine(): Remote<EngineApi>;
}

export interface Sessions extends Disposable {
	/** Tells the profile's id whenever its status has changed: at most ten times a second for each. */
	readonly onChanged: Event<string>;
	readonly all: readonly HostSession[];
	get(id: string): HostSession | undefined;
	/** The session of a profile; no thread is started by asking. */
	of(id: string, protocol: string): HostSession;
	open(request: OpenRequest): Promise<void>;
	close(id: string): Promise<void>;
	/** Forgets the session and its log. */
	remove(id: string): Promise<void>;
	/** In a thread of its own that ends with the test; `signal` ends it early. */
	test(request: OpenRequest, signal: AbortSignal): Promise<TestReport>;
}

/** Milliseconds. */
const settleAfter = 1000;

export const idleStatus: Status = {
	revision: 0,
	state: { kind: 'closed' },
	received: 0,
	sent: 0,
	kept: 0,
	keptBytes: 0,
	evicted: 0,
	topics: 0,
	unlisted: 0,
	rate: 0,
	subscriptions: [],
	repeats: [],
	browse: 0,
	running: [],
};

interface Entry extends HostSession {
	status: Status;
	running?: Engine;
	died: boolean;
	/** When the status was told last, milliseconds since the epoch. */
	updated: number;
}

export function createSessions(workerPath: string, limits: () => Limits, log: Log): Sessions {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<string>());
	const entries = new Map<string, Entry>();

	function update(entry: Entry, status: Status): void {
		if (entries.get(entry.id) !== entry) return;
		entry.status = clean(status);
		entry.updated = Date.now();
		changed.fire(entry.id);
	}

	/** Evidence is the peer's own words, which may repeat what it was sent, and a peer offers no command. */
	function cleanFailure<T extends object>(one: T & { failure?: Failure }): T {
		return one.failure ? { ...one, failure: withoutCommand(log.clean(one.failure)) } : one;
	}

	const clean = (status: Status): Status => ({
		...status,
		state: cleanFailure(status.state),
		subscriptions: status.subscriptions.map(cleanFailure),
		repeats: status.repeats.map(cleanFailure),
	});

	function start(protocol: string, onChanged: (status: Status) => void, onGone: (failure: Failure) => void): Engine {
		return startEngine({
			path: workerPath,
			protocol,
			limits: limits(),
			onChanged,
			onGone,
			onOutput: (text) => log.warn(cutText(text.trimEnd(), 4000)),
		});
	}

	function run(entry: Entry): Engine {
		entry.died = false;
		entry.running ??= start(
			entry.protocol,
			(status) => update(entry, status),
			(failure) => {
				entry.running = undefined;
				entry.died = true;
				log.error(`Session ${entry.id}`, failure);
				update(entry, { ...idleStatus, revision: entry.status.revision + 1, state: { kind: 'closed', failure } });
			},
		);
		return entry.running;
	}

	function of(id: string, protocol: string): Entry {
		const known = entries.get(id);
		if (known?.protocol === protocol) return known;
		void known?.running?.end();
		const entry: Entry = {
			id,
			protocol,
			status: idleStatus,
			died: false,
			updated: 0,
			engine() {
				if (entry.died) throw goneFailure();
				return run(entry).remote;
			},
		};
		entries.set(id, entry);
		return entry;
	}

	/** An engine that receives nothing more tells nothing more: the last rate would stand for ever. */
	const settle = setInterval(() => {
		for (const entry of entries.values()) {
			if (entry.status.rate === 0 || Date.now() - entry.updated < settleAfter || !entry.running) continue;
			void entry.running.remote.status().then(
				(status) => update(entry, status),
				() => {},
			);
		}
	}, settleAfter);
	settle.unref();
	lifetime.add({ dispose: () => clearInterval(settle) });
	lifetime.add({
		dispose() {
			for (const { running } of entries.values()) void running?.end();
			entries.clear();
		},
	});
	return {
		onChanged: changed.event,
		get all() {
			return [...entries.values()];
		},
		get: (id) => entries.get(id),
		of,
		async open(request) {
			log.keep(configuredNames(request.profile));
			const entry = of(request.profile.id, request.profile.protocol);
			await run(entry).remote.open(request);
		},
		async close(id) {
			const entry = entries.get(id);
			if (!entry?.running) return;
			await withDeadline(entry.running.remote.close(), 2000, () => undefined).catch(async () => {
				// A thread that does not answer holds its sockets: only its end closes them.
				await entry.running?.end();
				entry.running = undefined;
				entry.died = true;
				const failure = {
					code: 'engine-stuck',
					message: 'The session did not end in time and was stopped; its log is lost.',
				};
				update(entry, { ...idleStatus, revision: entry.status.revision + 1, state: { kind: 'closed', failure } });
			});
		},
		async remove(id) {
			const entry = entries.get(id);
			entries.delete(id);
			await entry?.running?.end();
			changed.fire(id);
		},
		async test(request, signal) {
			log.keep(configuredNames(request.profile));
			let gone: (failure: Failure) => void = () => {};
			const engine = start(
				request.profile.protocol,
				() => {},
				(failure) => gone(failure),
			);
			const cut = new Promise<never>((_, reject) => {
				gone = (failure) => reject(new FailureError(failure));
				signal.addEventListener('abort', () => reject(fail('cancelled', 'The test was cancelled.')));
			});
			try {
				const report = await Promise.race([engine.remote.test(request), cut]);
				return { ...report, steps: report.steps.map(cleanFailure) };
			} finally {
				await engine.end();
			}
		},
		dispose: () => lifetime.dispose(),
	};
}
