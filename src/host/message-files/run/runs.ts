import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { Emitter, type Event } from '../../../base/event';
import type { RequestResult } from '../../../files/run/results/result';
import { runFile } from '../../../files/run/run';
import { progressText } from '../../../files/simulation/report';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import { optionsOf } from '../../../files/syntax/metadata';
import { verbOf } from '../../../files/syntax/words';
import { match } from '../../../node/match';
import { clock } from '../../../node/surroundings';
import { stepTaken } from '../../steps-taken';
import type { Log } from '../../ui/log';
import type { BodyFiles } from '../body-files';
import type { Environments } from '../environments/environments';
import type { FileSecrets } from '../environments/file-secrets';
import { keyOf, parsed, textOf } from '../parsed';
import type { RuleContext } from '../rules/context';
import type { Targets } from '../targets';
import type { Opener } from './connect';
import { prepare } from './preparation';
import type { Simulate } from './simulate';

/** Longest wait of a request without an end of its own, in milliseconds. */
const defaultTimeout = 10_000;
/** Longest time of "Start Listening", in milliseconds: about the longest that a timer of Node can wait. */
const listenTimeout = 2_000_000_000;
/** Minimum interval between updates of the number of messages, in milliseconds. */
const countInterval = 100;

export type RunState =
	| {
			kind: 'running';
			messages: number;
			/** The state of a simulation in words. */
			progress?: string;
			stop(): void;
	  }
	| {
			kind: 'done';
			result: RequestResult;
			/** The request's text as it was sent. */
			text: string;
			/** Secret values that must be masked in the result. */
			hidden: ReadonlySet<string>;
			/** The Test Explorer shows failed expectations in the text itself. */
			asTest?: true;
	  };

export interface RunRequest {
	document: vscode.TextDocument;
	sections: readonly Section[];
	signal?: AbortSignal;
	/** A request that receives and has no end of its own runs until it is stopped. */
	untilStopped?: boolean;
	/** Run by the Test Explorer, which shows failed expectations in the text itself. */
	asTest?: true;
	onStarted?(key: string): void;
	onResult?(key: string, result: RequestResult, hidden: ReadonlySet<string>): void;
}

/** Runs requests of documents and keeps the latest result of each. */
export interface Runs extends Disposable {
	/** Fires with the document's URI. */
	readonly onChanged: Event<string>;
	stateOf(uri: vscode.Uri, key: string): RunState | undefined;
	/** A text that changes whenever a request starts or ends, and only then. */
	kinds(): string;
	/** Whether any request of the document is running. */
	running(uri: vscode.Uri): boolean;
	/** Throws if nothing can be sent: `untrusted`, `bad-environment`, or `cancelled` if a secret is not entered. */
	run(request: RunRequest): Promise<RequestResult[]>;
	stop(uri: vscode.Uri, key?: string): void;
}

export interface RunsOptions {
	environments: Environments;
	secrets: FileSecrets;
	targets: Targets;
	opener: Opener;
	bodies: BodyFiles;
	/** Runs a simulation in a thread of its own. */
	simulate: Simulate;
	log: Log;
	ruleContext: RuleContext;
}

export function createRuns({
	environments,
	secrets,
	targets,
	opener,
	bodies,
	simulate,
	log,
	ruleContext,
}: RunsOptions): Runs {
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
		const { document, sections, asTest } = request;
		const { uri } = document;
		const file = parsed(document);
		const {
			environment,
			around,
			hidden,
			dotenv,
			secrets: values,
		} = await prepare({ environments, secrets, log }, uri, file, sections);
		const abort = new AbortController();
		request.signal?.addEventListener('abort', () => abort.abort());
		if (request.signal?.aborted) abort.abort();
		const started = new Set<Section>();
		/** The time of the last update of each request. */
		const updated = new Map<Section, number>();
		const stop = () => abort.abort();
		stepTaken('hasRun');
		const results = await runFile({
			file,
			sections,
			environment,
			around,
			...(await ruleContext(uri, file)),
			match,
			clock,
			signal: abort.signal,
			timeout: request.untilStopped && endless(file, sections) ? listenTimeout : defaultTimeout,
			describe: (spec) => targets.describe(spec, uri),
			readFile: (path) => bodies.read(uri, path),
			async connect(spec) {
				for (const value of Object.values(spec.secrets)) hidden.add(value);
				return opener.open(spec, uri);
			},
			hidden,
			untilStopped: request.untilStopped === true && sections.length === 1,
			simulate: (one) =>
				simulate({ ...one, file, uri, hidden, dotenv, secrets: values, signal: abort.signal, timeout: defaultTimeout }),
			onProgress(progress, section) {
				const key = keyOf(file, section);
				set(uri, key, { kind: 'running', messages: progress.sent, progress: progressText(progress), stop });
			},
			onStarted(section) {
				started.add(section);
				const key = keyOf(file, section);
				set(uri, key, { kind: 'running', messages: 0, stop });
				request.onStarted?.(key);
			},
			onMessages(messages, section) {
				const now = performance.now();
				if (now - (updated.get(section) ?? 0) < countInterval) return;
				updated.set(section, now);
				set(uri, keyOf(file, section), { kind: 'running', messages, stop });
			},
			onResult(result, section) {
				started.delete(section);
				const key = keyOf(file, section);
				set(uri, key, { kind: 'done', result, text: textOf(file, section), hidden, asTest });
				request.onResult?.(key, result, hidden);
			},
		}).finally(() => {
			// After an error, no request keeps the state "running".
			for (const section of started) {
				states.get(uri.toString())?.delete(keyOf(file, section));
				changed.fire(uri.toString());
			}
		});
		for (const { title, failure } of results) if (failure) log.error(title, log.clean(failure));
		return results;
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

/** Whether the only request is one that receives and has no end in its metadata and expectations. */
function endless(file: MessageFile, [section, more]: readonly Section[]): boolean {
	if (!section?.request || more || verbOf(section.request.verb.text)?.action !== 'receive') return false;
	const { maxMessages, timeout } = optionsOf(file, section);
	return maxMessages === undefined && timeout === undefined && section.request.assertions.length === 0;
}
