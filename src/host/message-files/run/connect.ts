import type * as vscode from 'vscode';
import { fail } from '../../../base/failure';
import type { Connection, ConnectionSpec } from '../../../files/run/connection';
import type { OpenRequest } from '../../../model/contracts/session';
import type { ProtocolDescription } from '../../../protocols/description';
import { confirmProduction } from '../../connections/confirm';
import type { HostSession } from '../../connections/sessions';
import type { StoredProfile } from '../../profiles/store';
import type { Services } from '../../services';
import { requireTrust } from '../../trust';
import { ownId, profileOfUrl, type Targets } from '../targets';
import { type Holds, sessionConnection } from './session-connection';
import { createSessionFeed, type SessionFeed } from './session-feed';

/** Longest wait for a connection that is on its way already, in milliseconds. */
const waitAtMost = 60_000;

interface Shared {
	session: HostSession;
	feed: SessionFeed;
	holds: Holds;
}

/** Opens what a request wants: the session of a saved connection, shared with the sidebar and the panel, or its own. */
export function createOpener(services: Services, targets: Targets) {
	const { sessions, connecting } = services;
	const shared = new Map<string, Shared>();
	const opening = new Map<string, Promise<void>>();

	function sharedOf(session: HostSession): Shared {
		const known = shared.get(session.id);
		if (known?.session === session) return known;
		const made = { session, feed: createSessionFeed(session, sessions), holds: new Map() };
		shared.set(session.id, made);
		return made;
	}

	async function ofProfile(stored: StoredProfile, description: ProtocolDescription): Promise<Connection> {
		const { profile, source } = stored;
		const session = sessions.of(profile.id, profile.protocol);
		const connect = async () => {
			await settled(session);
			if (session.status.state.kind === 'open') return;
			const request = await connecting.request(profile, source.scope, source.folder);
			if (!request) throw fail('cancelled', 'It was not connected.');
			await sessions.open(request);
		};
		// Two runs that start together open it once.
		const pending = opening.get(profile.id) ?? connect().finally(() => opening.delete(profile.id));
		opening.set(profile.id, pending);
		await pending;
		const { feed, holds } = sharedOf(session);
		// It stays open: the sidebar shows it, and the next request is faster.
		return sessionConnection({ session, feed, description, own: false, holds, close: async () => {} });
	}

	/** A session that is already on its way is waited for. */
	async function settled(session: HostSession): Promise<void> {
		const busy = () => ['connecting', 'closing'].includes(session.status.state.kind);
		if (!busy()) return;
		await new Promise<void>((resolve) => {
			const done = () => {
				clearTimeout(timer);
				watching.dispose();
				resolve();
			};
			const timer = setTimeout(done, waitAtMost);
			const watching = sessions.onChanged((id) => id === session.id && !busy() && done());
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
		return sessionConnection({ session, feed, description, own: true, holds: new Map(), close });
	}

	async function open(spec: ConnectionSpec, uri: vscode.Uri): Promise<Connection> {
		requireTrust();
		const stored = targets.stored(spec, uri);
		const description = targets.describe(spec, uri);
		if (!stored && spec.url === undefined)
			throw fail('no-connection', 'No connection is chosen for this file.', {
				remedy: { text: 'Choose one above the request, or write "# @connection name".' },
			});
		if (!description) throw fail('unknown-protocol', 'No known protocol has a URL like this.');
		if (stored && !spec.own) return await ofProfile(stored, description);
		const url = stored ? undefined : profileOfUrl(spec.url ?? '', description);
		const { profile } = stored ?? (url as { profile: StoredProfile['profile'] });
		const scope = stored?.source.scope ?? 'url';
		const request = await connecting.request(profile, scope, stored?.source.folder, spec.values);
		if (!request) throw fail('cancelled', 'It was not connected.');
		return ofItsOwn(
			{
				...request,
				profile: { ...request.profile, id: ownId(), subscriptions: [] },
				secrets: { ...request.secrets, ...url?.secrets, ...spec.secrets },
			},
			description,
		);
	}

	return {
		/** `onSend`: asked before each message. Throws a FailureError. */
		async open(spec: ConnectionSpec, uri: vscode.Uri): Promise<Connection> {
			const connection = await open(spec, uri);
			const profile = targets.stored(spec, uri)?.profile;
			if (profile?.production !== true) return connection;
			let asked: Promise<void> | undefined;
			return {
				...connection,
				async send(draft) {
					// Once for each run.
					asked ??= confirmProduction(profile, draft);
					await asked;
					return connection.send(draft);
				},
			};
		},
	};
}

export type Opener = ReturnType<typeof createOpener>;
