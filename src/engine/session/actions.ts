import { withDeadline } from '../../base/deadline';
import { fail } from '../../base/failure';
import type { ActRequest, ActResult, BrowsePage, Intent, Question } from '../../model/contracts/browse';
import type { Graph } from '../../model/contracts/graph';
import type { Running } from '../../model/contracts/session';
import type { Link, Logged } from '../../protocols/adapter';
import type { ProtocolDescription } from '../../protocols/description';

/** Time limit for a browse request or a question, in milliseconds. */
const tellWithin = 20_000;
const maxNodes = 1000;

/** Browsing the peer and running the actions of the protocol's description. */
export interface Acting {
	readonly running: Running[];
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	graph(find: string): Promise<Graph>;
	ask(intent: Intent): Promise<Question | undefined>;
	act(request: ActRequest): Promise<ActResult>;
	stop(id: string): void;
	/** Known targets with this prefix; none without a link. */
	targets(start: string, most: number): string[];
	/** The link has ended: stops all running actions. */
	lost(): void;
}

export interface ActingOptions {
	description: ProtocolDescription;
	/** Throws `not-open`. */
	link(): Link;
	/** Throws `evicted`. */
	logged(seq: number): Logged;
	changed(): void;
}

export function createActing({ description, link, logged, changed }: ActingOptions): Acting {
	const running = new Map<string, { state: Running; stop: AbortController }>();
	const answer = <T>(asked: Promise<T>): Promise<T> =>
		withDeadline(asked, tellWithin, () =>
			fail('no-answer', `The server did not answer within ${tellWithin / 1000} s.`),
		);

	return {
		get running() {
			return [...running.values()].map(({ state }) => state);
		},
		async browse(parent, offset, count) {
			const current = link();
			if (!current.browse) throw fail('cannot-browse', 'This protocol cannot list objects of the server.');
			return await answer(current.browse(parent, Math.max(0, offset), Math.min(Math.max(0, count), maxNodes)));
		},
		async graph(find) {
			const current = link();
			if (!current.graph) throw fail('no-graph', 'This protocol has no topology.');
			return await answer(current.graph(find));
		},
		async ask(intent) {
			const current = link();
			if (intent.kind === 'subscribe') {
				const { target, mode } = intent.subscription;
				const wrong = description.subscription?.check(target, mode);
				if (wrong) throw fail('bad-target', wrong);
			}
			return current.ask ? await answer(current.ask(intent)) : undefined;
		},
		async act({ id, action, node, messages = [], values }) {
			const current = link();
			const known = description.actions?.find((one) => one.id === action);
			if (!known || !current.act) throw fail('no-action', 'This connection does not support that action.');
			if (running.has(id)) throw fail('running', 'This action is already running.');
			const stop = new AbortController();
			const state: Running = { id, action, text: known.label.replace(/…$/, '') };
			const entry = { state, stop };
			const progress = (text: string, done?: number) => {
				entry.state = { ...state, text, done };
				changed();
			};
			const chosen = messages.map(logged);
			running.set(id, entry);
			changed();
			try {
				return await current.act({ action, node, messages: chosen, values, progress, signal: stop.signal });
			} finally {
				running.delete(id);
				changed();
			}
		},
		stop: (id) => running.get(id)?.stop.abort(),
		targets(start, most) {
			try {
				return link().targets?.(start, most) ?? [];
			} catch {
				return [];
			}
		},
		lost() {
			for (const { stop } of running.values()) stop.abort();
		},
	};
}
