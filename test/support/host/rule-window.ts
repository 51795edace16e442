import { Emitter } from '../../../src/base/event';
import { toFailure } from '../../../src/base/failure';
import { noEnvironment } from '../../../src/files/values/environments';
import type { RuleRun } from '../../../src/host/message-files/rules/rule-run';
import { defaultLimits, type OpenRequest } from '../../../src/model/contracts/session';
import { match } from '../../../src/node/match';
import { clock, surroundings } from '../../../src/node/surroundings';
import { describe } from '../../../src/protocols/descriptions';
import type { RealSessionOptions } from '../run/session';
import { hostSession, type InProcess } from './host-session';
import { rulesEditor } from './rules-editor';

/** A saved connection by its name, which is its id, too. */
export type Saved = Record<string, { protocol: string } & Pick<RealSessionOptions, 'url' | 'values' | 'secrets'>>;

const editor = await rulesEditor();

/** Failures as those that cross the port of a thread: the host's code is in a bundle of its own. */
function failingAsHost<T extends object>(api: T): T {
	const wrap =
		(call: (...args: unknown[]) => unknown) =>
		async (...args: unknown[]) => {
			try {
				return await call(...args);
			} catch (error) {
				throw new editor.host.FailureError(toFailure(error));
			}
		};
	return new Proxy(api, { get: (own, name) => wrap(Reflect.get(own, name) as Parameters<typeof wrap>[0]) });
}

/** A window with the host's own sessions and rules, without its editor: the engines are in this process, the peers are real. */
export function ruleWindow(saved: Saved) {
	const { host } = editor;
	const changed = new Emitter<string>();
	const sessions = new Map<string, InProcess>();
	const of = (id: string, protocol: string) => {
		const existing = sessions.get(id);
		if (existing) return existing.host;
		const created = hostSession(id, protocol, { url: saved[id]?.url ?? '' }, () => changed.fire(id));
		const engine = failingAsHost(created.host.engine());
		Object.assign(created.host, { engine: () => engine });
		sessions.set(id, created);
		return created.host;
	};
	const facade = {
		...{ of, onChanged: changed.event },
		get: (id: string) => sessions.get(id)?.host,
		open: (request: OpenRequest) =>
			failingAsHost(sessions.get(request.profile.id)?.session as InProcess['session']).open(request),
	};
	const request = async ({ id }: { id: string }) => {
		const { protocol = '', url = '', values = {}, secrets = {} } = saved[id] ?? {};
		const profile = { ...{ id, name: id, protocol, url, values }, subscriptions: [] };
		return { profile, secrets, limits: defaultLimits, reconnect: true };
	};
	const stored = (name = '') => ({
		profile: { id: name, name, protocol: saved[name]?.protocol ?? '' },
		source: { scope: 'user' },
	});
	const targets = {
		stored: ({ profile }: { profile?: string }) => stored(profile),
		used: (connection: { name?: string }) => stored(connection.name),
		describe: ({ profile = '' }: { profile?: string }) => describe(saved[profile]?.protocol ?? ''),
	};
	const services = {
		...{ sessions: facade, connecting: { request } },
		playground: { explained: (error: unknown) => error },
	};
	const opener = host.createOpener(services as never, targets as never);
	const runs = host.createRuleRuns(
		async ({ document: { uri }, file, section, signal }) => {
			const hidden = new Set<string>();
			const opening = { confirmed: new Set<string>(), opened: new Map(), signal };
			const rule = await host.startRule({
				...{ file, section, environment: noEnvironment, match, clock, hidden, untilStopped: true },
				around: surroundings({ env: () => undefined, dotenv: () => undefined, secret: () => undefined }),
				describe: targets.describe,
				readFile: async () => new Uint8Array(),
				connect: (spec) => opener.open(spec, uri, opening),
			});
			return { rule, hidden };
		},
		{ clean: (failure) => failure },
	);
	const states = host.createRuleStates(runs, targets as never, facade as never);
	return {
		/** Buttons that the user clicks in questions, and the questions. */
		...{ answers: editor.answers, questions: editor.questions },
		/** As the user does it in the sidebar. */
		disconnect: (id: string) => sessions.get(id)?.session.close(),
		/** Starts the only rule of a file. */
		async start(text: string): Promise<RuleRun> {
			const file = editor.open('/a.messages', text);
			await runs.start(file.document, file.section(0));
			file.close();
			const run = runs.all.at(-1) as RuleRun;
			if (run.failure) throw new Error(`${run.failure.message} ${run.failure.evidence ?? ''}`);
			return run;
		},
		/** As the sidebar shows it. */
		shown: (run: RuleRun) => host.stateText(run, states.waitsFor(run)),
		stop: (run: RuleRun) => runs.stop(run),
		/** Closes the window, as the editor does: without waiting for what its rules do. */
		close() {
			runs.dispose();
			for (const { session } of sessions.values()) session.dispose();
		},
	};
}
