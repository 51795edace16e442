import type * as vscode from 'vscode';
import { FailureError, fail } from '../../../base/failure';
import { noConnection, unknownScheme } from '../../../files/failures';
import type { Connection, ConnectionSpec } from '../../../files/run/connection';
import { knownSchemes, profileOfUrl } from '../../../files/run/connections/url-profile';
import type { Hold } from '../../../model/contracts/hold';
import type { OpenRequest, SessionState } from '../../../model/contracts/session';
import type { ProtocolDescription } from '../../../protocols/description';
import { confirmProduction, confirmSimulation } from '../../connections/confirm';
import type { HostSession } from '../../connections/sessions';
import type { StoredProfile } from '../../profiles/store';
import type { Services } from '../../services';
import { requireTrust } from '../../trust';
import type { Targets } from '../targets';
import { type SharedSubscriptions, sessionConnection, shareSubscriptions } from './session-connection';
import { createSessionFeed, type SessionFeed } from './session-feed';

/** Longest wait for a connection that is already opening or closing, in milliseconds. */
const maxWait = 60_000;

interface Shared {
	session: HostSession;
	feed: SessionFeed;
	subscriptions: SharedSubscriptions;
}

const disconnected = (name: string) =>
	fail('disconnected', `“${name}” was disconnected.`, {
		final: true,
		remedy: { text: 'Connect and run the rule again.' },
	});
const cancelled = () => fail('cancelled', 'The connection was cancelled.');

/** How a rule opens its connections, which it opens again when they were lost. */
export interface RuleOpening {
	/** Ids of the profiles whose use the user has confirmed when the rule was started. */
	confirmed: ReadonlySet<string>;
	/** The sessions that the rule has opened before, by the id of their profile. */
	opened: Map<string, { session: HostSession; connection: Connection }>;
	/** Aborted when the rule is to end. */
	signal: AbortSignal;
}

/** Opens the connections of requests: the session of a saved connection, which sidebar and panel share, or one of its own. */
export function createOpener(services: Services, targets: Targets) {
	const { sessions, connecting, playground } = services;
	const shared = new Map<string, Shared>();
	const opening = new Map<string, Promise<void>>();

	function sharedOf(session: HostSession): Shared {
		const cached = shared.get(session.id);
		if (cached?.session === session) return cached;
		const created = { session, feed: createSessionFeed(session, sessions), subscriptions: shareSubscriptions(session) };
		shared.set(session.id, created);
		return created;
	}

	async function ofProfile(
		stored: StoredProfile,
		description: ProtocolDescription,
		hold: Hold | undefined,
		rule: RuleOpening | undefined,
	): Promise<Connection> {
		const { profile, source } = stored;
		const session = sessions.of(profile.id, profile.protocol);
		if (rule?.opened.has(profile.id)) await regained(session, profile.name, rule);
		const connect = async () => {
			await settled(session);
			if (session.status.state.kind === 'open') return;
			const request = await connecting.request(profile, source.scope, source.folder);
			if (!request) throw cancelled();
			await sessions.open({ ...request, ...(hold && { hold }) }).catch((error) => {
				throw playground.explained(error, profile.url);
			});
		};
		// Two runs that start at the same time open the session once.
		const pending = opening.get(profile.id) ?? connect().finally(() => opening.delete(profile.id));
		opening.set(profile.id, pending);
		await pending;
		if (rule?.signal.aborted) throw cancelled();
		// The session has kept the subscriptions of a rule, so that the rule goes on with the connection that has made them.
		const before = rule?.opened.get(profile.id);
		if (before?.session === session) return before.connection;
		const { feed, subscriptions } = sharedOf(session);
		// The session stays open: the sidebar shows it, and the next request is faster.
		const close = async () => {};
		const connection = sessionConnection({
			...{ session, feed, description, checks: profile.checks, own: false, shared: subscriptions, close },
		});
		rule?.opened.set(profile.id, { session, connection });
		return connection;
	}

	/** Waits for a session that is already opening or closing. */
	const settled = (session: HostSession) =>
		until(session, ({ kind }) => kind !== 'connecting' && kind !== 'closing', { ms: maxWait });

	/**
	 * Waits while a connection that the rule has opened is lost: the session itself decides how long it is attempted. Throws
	 * if the user has closed it, since a rule does not open it again.
	 */
	async function regained(session: HostSession, name: string, { signal }: RuleOpening): Promise<void> {
		await until(session, ({ kind }) => kind === 'open' || kind === 'closed', { signal });
		if (signal.aborted) throw cancelled();
		const { state } = session.status;
		if (state.kind === 'closed' && !state.failure) throw disconnected(name);
	}

	/** Waits until the state is as wanted, the time is over or the signal is aborted. */
	async function until(
		session: HostSession,
		wanted: (state: SessionState) => boolean,
		{ ms, signal }: { ms?: number; signal?: AbortSignal },
	): Promise<void> {
		if (wanted(session.status.state) || signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const done = () => {
				clearTimeout(timer);
				watching.dispose();
				signal?.removeEventListener('abort', done);
				resolve();
			};
			const timer = ms === undefined ? undefined : setTimeout(done, ms);
			const watching = sessions.onChanged((id) => id === session.id && wanted(session.status.state) && done());
			signal?.addEventListener('abort', done);
		});
	}

	/** A session for this request alone, which ends with it. */
	async function ofItsOwn(request: OpenRequest, description: ProtocolDescription): Promise<Connection> {
		const { id, protocol } = request.profile;
		const session = sessions.of(id, protocol);
		const close = async () => {
			await sessions.close(id);
			await sessions.remove(id);
		};
		try {
			await sessions.open({ ...request, reconnect: false });
		} catch (error) {
			await close();
			throw error;
		}
		const feed = createSessionFeed(session, sessions);
		return sessionConnection({
			session,
			feed,
			description,
			checks: request.profile.checks,
			own: true,
			shared: shareSubscriptions(session),
			close,
		});
	}

	async function open(spec: ConnectionSpec, uri: vscode.Uri, rule?: RuleOpening): Promise<Connection> {
		const { stored, description } = targetOf(spec, uri);
		if (stored && !spec.own) return await ofProfile(stored, description, spec.hold, rule);
		return ofItsOwn(await ownRequest(spec, stored, description), description);
	}

	/** How to open a connection that is not shared, after the questions that it needs. */
	async function ownRequest(
		spec: ConnectionSpec,
		stored: StoredProfile | undefined,
		description: ProtocolDescription,
	): Promise<OpenRequest> {
		const url = stored ? undefined : profileOfUrl(ownId(), spec.url ?? '', description);
		const { profile } = stored ?? (url as { profile: StoredProfile['profile'] });
		const scope = stored?.source.scope ?? 'url';
		const request = await connecting.request(profile, scope, stored?.source.folder, spec.values);
		if (!request) throw cancelled();
		return {
			...request,
			profile: { ...request.profile, id: ownId(), subscriptions: [] },
			secrets: { ...request.secrets, ...url?.secrets, ...spec.secrets },
			...(spec.hold && { hold: spec.hold }),
			// Only the session of the profile itself writes there.
			history: undefined,
		};
	}

	/** The connection of a spec, which need not be open. Throws the reason why it cannot be. */
	function targetOf(spec: ConnectionSpec, uri: vscode.Uri) {
		requireTrust();
		const stored = targets.stored(spec, uri);
		const description = targets.describe(spec, uri);
		if (!stored && spec.url === undefined)
			throw new FailureError(noConnection('Choose one above the request, or write "# @connection name".'));
		if (!description) throw new FailureError(unknownScheme(knownSchemes()));
		return { stored, description };
	}

	return {
		/**
		 * The connections of a simulation, which are opened elsewhere. Questions are asked once for all clients that differ in
		 * nothing but their name. `text`: what the simulation does, for a production connection.
		 */
		simulated(uri: vscode.Uri, text: (description: ProtocolDescription) => string) {
			const answers = new Map<string, Promise<OpenRequest>>();
			let last: Promise<unknown> = Promise.resolve();
			let confirmed: Promise<void> | undefined;
			async function ask(spec: ConnectionSpec): Promise<OpenRequest> {
				const { stored, description } = targetOf(spec, uri);
				if (stored) confirmed ??= confirmSimulation(stored.profile, text(description));
				await confirmed;
				return ownRequest(spec, stored, description);
			}
			return (spec: ConnectionSpec): Promise<OpenRequest> => {
				const key = JSON.stringify([spec.profile, spec.url, spec.protocol, spec.values, spec.secrets]);
				const known = answers.get(key);
				if (known) return known;
				// One question at a time, and none after the user has declined one.
				const answer = last.then(() => ask(spec));
				last = answer;
				answers.set(key, answer);
				return answer;
			};
		},
		/**
		 * A production connection asks for confirmation before the first message of each run, unless it was confirmed at the
		 * start of the rule. Throws a FailureError.
		 */
		async open(spec: ConnectionSpec, uri: vscode.Uri, rule?: RuleOpening): Promise<Connection> {
			const connection = await open(spec, uri, rule);
			const profile = targets.stored(spec, uri)?.profile;
			if (profile?.production !== true || rule?.confirmed.has(profile.id)) return connection;
			let asked: Promise<void> | undefined;
			return {
				...connection,
				async send(draft) {
					asked ??= confirmProduction(profile, draft);
					await asked;
					return connection.send(draft);
				},
			};
		},
	};
}

export type Opener = ReturnType<typeof createOpener>;

let count = 0;

/** An id for the session of one request. */
const ownId = () => `file:${++count}`;
