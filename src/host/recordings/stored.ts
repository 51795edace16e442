import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { formatCount } from '../../model/text/words';
import { createStoredRecordings, readingMode, type StoredRecording } from '../../node/stored-recordings';
import { describe } from '../../protocols/descriptions';
import { askTarget } from '../actions/pick-target';
import type { Engine } from '../connections/engine';
import { cancelled } from '../failures';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import { notify, withNotification } from '../ui/notify';
import { pickOne } from '../ui/prompt';

/** Messages that are read at once. */
const mostRead = 2000;

/** Connections whose protocol keeps messages and can read all of them. */
const keeps = (protocol: string) => describe(protocol)?.subscription?.modes?.some(({ readsAll }) => readsAll) === true;

/**
 * Lets the user choose a connection and a target that holds recordings, and resolves with one of them as a temporary file.
 * Undefined if the user cancelled.
 */
export async function readStoredRecording(services: Services): Promise<vscode.Uri | undefined> {
	requireTrust();
	const choices = services.profiles.profiles
		.filter(({ profile }) => keeps(profile.protocol))
		.map(({ profile }) => ({
			...{ id: profile.id, label: profile.name },
			description: services.log.redact(profile.url),
		}));
	if (choices.length === 0)
		throw fail('no-connection', 'No saved connection keeps messages that could be read from the beginning.', {
			remedy: { text: 'Add Connection', command: 'messagingWorkbench.addConnection' },
		});
	const title = 'Open Recording from Connection';
	const chosen = await pickOne(choices, { title, placeHolder: 'The connection that holds the recording' });
	if (!chosen) return undefined;
	const { profile } = storedProfile(services.profiles, chosen.id);
	const description = describe(profile.protocol);
	if (!description) return undefined;
	const mode = readingMode(description);
	const label = mode.targetLabel ?? description.words.target;
	const target = await askTarget(services, chosen.id, {
		title: `${title}: ${profile.name}`,
		placeholder: `${label.charAt(0).toUpperCase()}${label.slice(1)} that holds the recording`,
		check: (text) => description.subscription?.check(text, mode.id),
	});
	if (target === undefined) return undefined;
	const recordings = await withNotification(`Reading ${target}`, (report, token) =>
		read(services, chosen.id, target, (count) => report(`${formatCount(count)} messages`, 0), token),
	);
	const recording = await pickRecording(recordings, target);
	return recording && vscode.Uri.file(recording.path);
}

async function read(
	services: Services,
	id: string,
	target: string,
	report: (count: number) => void,
	token: vscode.CancellationToken,
): Promise<StoredRecording[]> {
	const { profile, source } = storedProfile(services.profiles, id);
	const request = await services.connecting.request(profile, source.scope, source.folder, {}, { approved: [] });
	if (!request) throw cancelled();
	const own = { ...request, profile: { ...request.profile, subscriptions: [] }, reconnect: false };
	const engine = await services.sessions.apart(own);
	const stored = createStoredRecordings();
	try {
		const { lost, foreign } = await follow(engine, profile.protocol, target, stored, report, token);
		if (lost > 0)
			void notify('warning', `${formatCount(lost)} messages of ${target} came faster than they could be read.`);
		if (foreign > 0)
			void notify(
				'information',
				`${formatCount(foreign)} messages of ${target} belong to no recording that can be read.`,
			);
		return stored.finish();
	} catch (error) {
		stored.remove();
		throw error;
	} finally {
		await engine.end();
	}
}

async function follow(
	{ remote }: Engine,
	protocol: string,
	target: string,
	stored: ReturnType<typeof createStoredRecordings>,
	report: (count: number) => void,
	token: vscode.CancellationToken,
): Promise<{ lost: number; foreign: number }> {
	const description = describe(protocol);
	if (!description) throw cancelled();
	const mode = readingMode(description);
	const { id } = await remote.subscribe({ target, mode: mode.id, ...mode.readsAll });
	let from = 0;
	let lost = 0;
	let count = 0;
	for (;;) {
		if (token.isCancellationRequested) throw cancelled();
		// The end is noted after the last message.
		const { state, subscriptions, finished = [] } = await remote.status();
		const failure = subscriptions.find((one) => one.id === id)?.failure;
		if (failure) throw fail(failure.code, failure.message);
		const isOver = finished.some((one) => one.id === id);
		if (!isOver && state.kind !== 'open') throw fail('closed', 'The connection was closed before everything was read.');
		const feed = await remote.follow(from, mostRead, !isOver);
		from = feed.next;
		lost += feed.lost;
		for (const message of feed.messages) stored.add(message.target, message.payload);
		count += feed.messages.length;
		report(count);
		if (isOver && feed.messages.length === 0) return { lost, foreign: stored.foreign };
	}
}

async function pickRecording(recordings: StoredRecording[], target: string): Promise<StoredRecording | undefined> {
	if (recordings.length === 0) throw fail('no-recording', `${target} holds no recording.`);
	const [only] = recordings;
	if (recordings.length === 1) return only;
	const choices = recordings
		.map((recording) => ({
			...{ recording, label: recording.head?.connection ?? 'Its beginning is not there any more' },
			description: recording.head ? new Date(recording.head.started).toLocaleString() : '',
			detail: `${formatCount(recording.lines)} messages`,
		}))
		.reverse();
	return (await pickOne(choices, { title: `Recordings in ${target}` }))?.recording;
}
