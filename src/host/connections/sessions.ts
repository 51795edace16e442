import { withDeadline } from '../../base/deadline';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { Emitter, type Event } from '../../base/event';
import { type Failure, FailureError, withoutCommand } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Limits, OpenRequest, Status, TestReport } from '../../model/contracts/session';
import { configuredNames } from '../../model/text/redact';
import { cutText } from '../../model/text/text';
import { engineStuck, noSession, testCancelled } from '../failures';
import type { Log } from '../ui/log';
import { type Engine, type EngineOptions, startEngine } from './engine';

/** The session of one profile. Its thread starts with the first use and stays after closing, so that the log remains readable. */
export interface HostSession {
	readonly id: string;
	readonly protocol: string;
	readonly status: Status;
	/** Starts the thread if necessary. Throws `no-session` after the thread has died, until the next `open`. */
	engine(): Remote<EngineApi>;
}

export interface Sessions extends Disposable {
	/** Fires with the id of the profile when its status changes, at most ten times a second for each profile. */
	readonly onChanged: Event<string>;
	readonly all: readonly HostSession[];
	get(id: string): HostSession | undefined;
	/** Returns or creates the session of a profile without starting a thread. */
	of(id: string, protocol: string): HostSession;
	open(request: OpenRequest): Promise<void>;
	close(id: string): Promise<void>;
	/** Deletes the session and its log. */
	remove(id: string): Promise<void>;
	/** Starts the thread of a recording, which ends with what is returned. */
	recorded(path: string, protocol: string, events: Pick<EngineOptions, 'onChanged' | 'onGone'>): Engine;
	/**
	 * Opens a connection in a separate thread, which ends with what is returned. Its log is shown nowhere. Throws why it could not be
	 * opened.
	 */
	apart(request: OpenRequest): Promise<Engine>;
	/** Tests a connection in a separate thread, which ends with the test. `signal` ends it early. */
	test(request: OpenRequest, signal: AbortSignal): Promise<TestReport>;
}

/** Milliseconds without an update after which a rate that is not zero is read again. */
const settleAfter = 1000;

export const idleStatus: Status = {
	revision: 0,
	state: { kind: 'closed' },
	received: 0,
	sent: 0,
	kept: 0,
	notes: 0,
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
	/** Time of the last status, in milliseconds since the epoch. */
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

	/** Evidence quotes the peer, which can repeat a secret that it received. A peer must not offer a command. */
	function cleanFailure<T extends object>(one: T & { failure?: Failure }): T {
		return one.failure ? { ...one, failure: withoutCommand(log.clean(one.failure)) } : one;
	}

	const clean = (status: Status): Status => ({
		...status,
		state: cleanFailure(status.state),
		subscriptions: status.subscriptions.map(cleanFailure),
		repeats: status.repeats.map(cleanFailure),
	});

	function start(
		protocol: string,
		onChanged: (status: Status) => void,
		onGone: (failure: Failure) => void,
		recording?: string,
	): Engine {
		return startEngine({
			path: workerPath,
			...{ protocol, recording, onChanged, onGone },
			limits: limits(),
			onOutput: (text) => log.warn(cutText(text.trimEnd(), 4000)),
		});
	}

	/** The thread is gone, and the log with it. */
	function fail(entry: Entry, failure: Failure): void {
		entry.running = undefined;
		entry.died = true;
		update(entry, { ...idleStatus, revision: entry.status.revision + 1, state: { kind: 'closed', failure } });
	}

	function run(entry: Entry): Engine {
		entry.died = false;
		entry.running ??= start(
			entry.protocol,
			(status) => update(entry, status),
			(failure) => {
				log.error(`Session ${entry.id}`, failure);
				fail(entry, failure);
			},
		);
		return entry.running;
	}

	function of(id: string, protocol: string): Entry {
		const existing = entries.get(id);
		if (existing?.protocol === protocol) return existing;
		void existing?.running?.end();
		const entry: Entry = {
			id,
			protocol,
			status: idleStatus,
			died: false,
			updated: 0,
			engine() {
				if (entry.died) throw noSession();
				return run(entry).remote;
			},
		};
		entries.set(id, entry);
		return entry;
	}

	/** An idle engine reports no status, so without this the last rate would be shown forever. */
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
				// A thread that does not respond still holds its sockets. Only ending it closes them.
				await entry.running?.end();
				fail(entry, engineStuck());
			});
		},
		async remove(id) {
			const entry = entries.get(id);
			entries.delete(id);
			await entry?.running?.end();
			changed.fire(id);
		},
		recorded: (path, protocol, { onChanged, onGone }) =>
			start(protocol, (status) => onChanged(clean(status)), onGone, path),
		async apart(request) {
			log.keep(configuredNames(request.profile));
			const engine = start(
				request.profile.protocol,
				() => {},
				() => {},
			);
			try {
				await engine.remote.open(request);
				return engine;
			} catch (error) {
				await engine.end();
				throw error;
			}
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
				signal.addEventListener('abort', () => reject(testCancelled()));
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
