import { randomFillSync } from 'node:crypto';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { Emitter, type Event } from '../../../base/event';
import { fail } from '../../../base/failure';
import type { Clock } from '../../../files/run/connection';
import type { RequestResult } from '../../../files/run/results/result';
import { runFile } from '../../../files/run/run';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import { optionsOf } from '../../../files/syntax/metadata';
import { verbOf } from '../../../files/syntax/words';
import { match } from '../../../node/match';
import { environmentVariable, requireTrust } from '../../trust';
import type { Log } from '../../ui/log';
import type { BodyFiles } from '../body-files';
import type { Environments } from '../environments/environments';
import type { FileSecrets } from '../environments/file-secrets';
import { keyOf, parsed, textOf } from '../parsed';
import type { Targets } from '../targets';
import type { Opener } from './connect';

/** Where a request has no end of its own. Milliseconds. */
const usualTimeout = 10_000;
/** "Start listening" goes on until it is stopped; the longest that a timer can wait, about. */
const listenAtMost = 2_000_000_000;
/** Milliseconds between two words on how many messages there are. */
const countEvery = 100;

export type RunState =
	| { kind: 'running'; messages: number; stop(): void }
	| {
			kind: 'done';
			result: RequestResult;
			/** The request's text as it was sent. */
			text: string;
			/** Of its expectations, their text at the time: where it has changed, nothing is shown beside it. */
			hidden: ReadonlySet<string>;
	  };

export interface RunRequest {
	document: vscode.TextDocument;
	sections: readonly Section[];
	signal?: AbortSignal;
	/** Receiving ends only when it is stopped, where the request says no end. */
	untilStopped?: boolean;
	onStarted?(key: string): void;
	onResult?(key: string, result: RequestResult, hidden: ReadonlySet<string>): void;
}

/** Runs requests of documents and remembers what became of each. */
export interface Runs extends Disposable {
	/** Tells the document's URI. */
	readonly onChanged: Event<string>;
	stateOf(uri: vscode.Uri, key: string): RunState | undefined;
	/** All requests with the kind of their state: it changes only when one starts or ends. */
	kinds(): string;
	/** Whether any request of the document is running. */
	running(uri: vscode.Uri): boolean;
	/** Throws if nothing can be sent at all (no trust, a secret was not given). */
	run(request: RunRequest): Promise<RequestResult[]>;
	stop(uri: vscode.Uri, key?: string): void;
}

export interface RunsOptions {
	environments: Environments;
	secrets: FileSecrets;
	targets: Targets;
	opener: Opener;
	bodies: BodyFiles;
	log: Log;
}

export function createRuns({ environments, secrets, targets, opener, bodies, log }: RunsOptions): Runs {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<string>());
	const states = new Map<string, Map<string, RunState>>();

	function set(uri: vscode.Uri, key: string, state: RunState): void {
		const name = uri.toString();
		const own = states.get(name) ?? new Map<string, RunState>();
		states.set(name, own.set(key, state));
		changed.fire(name);
	}

	lifetime.add(
		vscode.workspace.onDidCloseTextDocument(({ uri }) => {
			const own = states.get(uri.toString());
			for (const [key, state] of own ?? []) if (state.kind === 'done') own?.delete(key);
		}),
	);

	async function run(request: RunRequest): Promise<RequestResult[]> {
		requireTrust();
		const { document, sections } = request;
		const { uri } = document;
		const file = parsed(document);
		const around = await surroundings(file, sections, uri);
		const { environment, problems } = around.known;
		const [problem] = problems;
		if (problem) throw fail('bad-environment', `${problem.file}: ${problem.message}`);
		const hidden = new Set(around.secrets.values());
		for (const name of environment.secret) hidden.add(environment.values.get(name) ?? '');
		for (const value of hidden) log.hide(value);
		const abort = new AbortController();
		request.signal?.addEventListener('abort', () => abort.abort());
		if (request.signal?.aborted) abort.abort();
		const started = new Set<Section>();
		const told = new Map<Section, number>();
		const stop = () => abort.abort();
		const results = await runFile({
			file,
			sections,
			environment,
			around: around.surroundings,
			match,
			clock,
			signal: abort.signal,
			timeout: request.untilStopped && endless(file, sections) ? listenAtMost : usualTimeout,
			describe: (spec) => targets.describe(spec, uri),
			readFile: (path) => bodies.read(uri, path),
			async connect(spec) {
				for (const value of Object.values(spec.secrets)) hidden.add(value);
				return opener.open(spec, uri);
			},
			hidden,
			onStarted(section) {
				started.add(section);
				const key = keyOf(file, section);
				set(uri, key, { kind: 'running', messages: 0, stop });
				request.onStarted?.(key);
			},
			onMessages(messages, section) {
				const now = performance.now();
				if (now - (told.get(section) ?? 0) < countEvery) return;
				told.set(section, now);
				set(uri, keyOf(file, section), { kind: 'running', messages, stop });
			},
			onResult(result, section) {
				started.delete(section);
				const key = keyOf(file, section);
				set(uri, key, { kind: 'done', result, text: textOf(file, section), hidden });
				request.onResult?.(key, result, hidden);
			},
		}).finally(() => {
			// Nothing is left to look as if it went on.
			for (const section of started) {
				states.get(uri.toString())?.delete(keyOf(file, section));
				changed.fire(uri.toString());
			}
		});
		for (const { title, failure } of results) if (failure) log.error(title, log.clean(failure));
		return results;
	}

	async function surroundings(file: MessageFile, sections: readonly Section[], uri: vscode.Uri) {
		const known = await environments.of(uri, file);
		const values = await secrets.collect(file, sections);
		if (!values) throw fail('cancelled', 'A secret was not given.');
		return {
			known,
			secrets: values,
			surroundings: {
				now: Date.now,
				random: (bytes: number) => randomFillSync(new Uint8Array(bytes)),
				env: environmentVariable,
				dotenv: (name: string) => known.dotenv.get(name),
				secret: (name: string) => values.get(name),
			},
		};
	}

	return {
		onChanged: changed.event,
		stateOf: (uri, key) => states.get(uri.toString())?.get(key),
		kinds: () =>
			[...states]
				.map(([uri, own]) => [uri, ...[...own].map(([key, { kind }]) => `${key} ${kind}`)].join('\n'))
				.join('\n'),
		running: (uri) => [...(states.get(uri.toString())?.values() ?? [])].some(({ kind }) => kind === 'running'),
		run,
		stop(uri, key) {
			for (const [one, state] of states.get(uri.toString()) ?? [])
				if ((key === undefined || one === key) && state.kind === 'running') state.stop();
		},
		dispose() {
			for (const own of states.values()) for (const state of own.values()) if (state.kind === 'running') state.stop();
			lifetime.dispose();
		},
	};
}

/** A single request that only receives, and that neither its metadata nor its expectations end. */
function endless(file: MessageFile, [section, more]: readonly Section[]): boolean {
	if (!section?.request || more || verbOf(section.request.verb.text)?.action !== 'receive') return false;
	const { maxMessages, timeout } = optionsOf(file, section);
	return maxMessages === undefined && timeout === undefined && section.request.assertions.length === 0;
}

const clock: Clock = {
	now: () => performance.now(),
	after(ms, action) {
		const timer = setTimeout(action, ms);
		return { dispose: () => clearTimeout(timer) };
	},
};
