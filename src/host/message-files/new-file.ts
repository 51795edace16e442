import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { newFile, newFileText, type Written } from '../../files/create/new-file';
import { loggedDraft } from '../../lines/draft';
import { direction } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { profileId } from '../commands/registry';
import { pickConnection } from '../connections/connect';
import { noProfile } from '../failures';
import { isShownLog, type ShownLog } from '../panel/shown-log';
import type { Services } from '../services';
import { notify } from '../ui/notify';
import { isDraft } from './clipboard';
import type { FileCommands } from './command-names';
import { languageId } from './document';

/** Most messages of the log in one file. */
const maxMessages = 1000;

const nothingToWrite = (removed: number) =>
	removed > 0
		? fail('evicted', 'The messages are no longer in the log.')
		: fail('no-messages', 'Select messages, not only notes of the connection.');

/** Commands for new message files: for a connection, from a draft, from messages of the log. */
export function newFileCommands(
	services: Services,
): Pick<FileCommands, 'newMessageFile' | 'newMessageFileFromDraft' | 'newMessageFileFromMessages'> {
	const { profiles, sessions } = services;

	function need(id: unknown) {
		const stored = typeof id === 'string' ? profiles.find(id) : undefined;
		const description = stored && describe(stored.profile.protocol);
		if (!stored || !description) throw noProfile();
		return { profile: stored.profile, description };
	}

	/** The log of a saved connection or of a recording. */
	function logOf(shown: unknown): ShownLog & { description: ProtocolDescription } {
		if (!isShownLog(shown)) {
			const { profile, description } = need(shown);
			return { profile, description, engine: sessions.of(profile.id, profile.protocol).engine() };
		}
		const description = describe(shown.profile.protocol);
		if (!description) throw noProfile();
		return { ...shown, description };
	}

	async function show(content: string): Promise<void> {
		const document = await vscode.workspace.openTextDocument({ language: languageId, content });
		await vscode.window.showTextDocument(document);
	}

	return {
		/** Takes a connection, or nothing. */
		async newMessageFile(argument) {
			const id =
				profileId(argument) ??
				(profiles.profiles.length > 1
					? await pickConnection(services, 'New Message File for', 'any')
					: profiles.profiles[0]?.profile.id);
			if (id === undefined) return show(newFileText());
			const { profile, description } = need(id);
			await show(newFileText({ connection: profile.name, description }));
		},
		/** Takes the connection's id and the draft. */
		async newMessageFileFromDraft(id, draft) {
			const { profile, description } = need(id);
			if (!isDraft(draft)) throw fail('no-draft', 'There is no message to save.');
			await show(await newFile({ connection: profile.name, description, messages: [{ draft, time: 0 }] }));
		},
		/** Takes the connection's id, or the log of a recording, and numbers of lines of the log. The file keeps the time between the messages. */
		async newMessageFileFromMessages(id, lines) {
			const { profile, description, engine } = logOf(id);
			const list = (Array.isArray(lines) ? lines : [lines]).filter((one): one is number => Number.isSafeInteger(one));
			if (list.length === 0) throw fail('no-messages', 'Select the messages first.');
			if (list.length > maxMessages)
				throw fail('too-many', `Select at most ${maxMessages} messages. ${list.length} are selected.`);
			const messages: Written[] = [];
			list.sort((a, b) => a - b);
			let removed = list.length;
			for (let at = 0; at < list.length; ) {
				const found = await engine.messages(list.slice(at));
				at += found.read;
				removed -= found.messages.length;
				for (const { target, flags, meta, payload, time } of found.messages)
					if (direction(flags) !== 'note')
						messages.push({ draft: loggedDraft(description, { target, flags, meta, payload }), time });
			}
			if (messages.length === 0) throw nothingToWrite(removed);
			if (removed > 0) void notify('warning', `${removed} of the messages are no longer in the log.`);
			await show(await newFile({ connection: profile.name, description, messages }));
		},
	};
}
