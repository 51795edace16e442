import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { FailureError, fail } from '../../base/failure';
import { assertSends } from '../../files/create/round-trip';
import { copyAs } from '../../files/exchange/copy-as';
import { isCommand, pasted } from '../../files/exchange/paste';
import { sketchOf, sketchOfPlan } from '../../files/exchange/sketch';
import { insertionFor } from '../../files/language/place';
import { planRequest } from '../../files/run/plan/plan';
import { loggedDraft } from '../../lines/draft';
import type { Draft } from '../../model/contracts/message';
import type { Profile } from '../../model/profile/profile';
import { orList } from '../../model/text/lists';
import type { ProtocolDescription } from '../../protocols/description';
import { describe, descriptions } from '../../protocols/descriptions';
import type { Sketch } from '../../protocols/shared/commands/sketch';
import { isShownLog, type ShownLog } from '../panel/shown-log';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import { pickOne } from '../ui/prompt';
import { flash } from '../ui/status-item';
import type { BodyFiles } from './body-files';
import type { FileCommands } from './command-names';
import { contextOf } from './context';
import { isMessageFile, languageId } from './document';
import type { Environments } from './environments/environments';
import { parsed, requestAt } from './parsed';
import type { Targets } from './targets';

/** Pastes command lines of other tools as requests, and copies requests as command lines and programs. */
export function createClipboard(
	services: Services,
	environments: Environments,
	targets: Targets,
	bodies: BodyFiles,
): Disposable & {
	commands: Pick<FileCommands, 'pasteCommandLine' | 'copyRequestAs' | 'copyDraftAs' | 'copyMessageAs'>;
} {
	const lifetime = new DisposableStore();
	const kind = vscode.DocumentDropOrPasteEditKind.Text.append('messagingWorkbench', 'request');
	lifetime.add(
		vscode.languages.registerDocumentPasteEditProvider(
			{ language: languageId },
			{
				async provideDocumentPasteEdits(document, ranges, data) {
					const text = await data.get('text/plain')?.asString();
					if (text === undefined || text.length > 100_000 || !isMessageFile(document) || !isCommand(text))
						return undefined;
					const request = await pasted(text);
					if ('problem' in request) return undefined;
					const { position, content } = placed(document, ranges[0]?.end, request.text);
					const edit = new vscode.DocumentPasteEdit('', 'Paste as request', kind);
					edit.additionalEdit = new vscode.WorkspaceEdit();
					edit.additionalEdit.insert(document.uri, position, content);
					return [edit];
				},
			},
			{ providedPasteEditKinds: [kind], pasteMimeTypes: ['text/plain'] },
		),
	);

	/** `check` rejects if the request would not send the message that it was made from. */
	async function chooseAndCopy(sketch: Sketch, check?: (request: string) => Promise<void>): Promise<void> {
		const formats = await copyAs(sketch);
		const choice = await pickOne(
			formats.map(({ id, label, text, problem }) => ({ id, label, text, problem })),
			{ title: 'Copy Request As' },
		);
		if (!choice) return;
		if (choice.problem) throw new FailureError(choice.problem);
		if (choice.id === 'request') await check?.(choice.text);
		await vscode.env.clipboard.writeText(choice.text);
		flash(`Copied as ${choice.label}`);
	}

	/** The saved connection with that id; undefined if there is none, or its protocol is not available. */
	function connectionFor(id: unknown) {
		const stored = typeof id === 'string' ? services.profiles.find(id) : undefined;
		const description = stored && describe(stored.profile.protocol);
		if (!stored || !description) return undefined;
		const { profile, source } = stored;
		const { url, values } = services.connecting.resolve(profile, source.folder).resolved.profile;
		const sketch = (draft: Draft): Sketch => ({
			...sketchOf(draft, description, url),
			...userOf(profile),
			profile: values,
		});
		const engine = () => services.sessions.of(profile.id, profile.protocol).engine();
		return { description, sketch, engine };
	}

	/** The recorded connection, whose profile may not be saved here. */
	function recordedIn({ profile: { protocol, url }, engine }: ShownLog) {
		const description = describe(protocol);
		const sketch = (draft: Draft): Sketch => ({
			...sketchOf(draft, description as ProtocolDescription, url),
			profile: {},
		});
		return description && { description, sketch, engine: () => engine };
	}

	async function sketchHere(uri: unknown, key: unknown): Promise<Sketch> {
		// The bodies and the environment are read.
		requireTrust();
		const { document, section } = await requestAt(uri, key);
		const file = parsed(document);
		const { scope } = await contextOf(document, file, environments, targets);
		const readFile = (path: string) => bodies.read(document.uri, path);
		const plan = await planRequest(file, section, {
			scope,
			describe: (spec) => targets.describe(spec, document.uri),
			readFile,
		});
		const stored = targets.stored(plan.connection, document.uri);
		const saved = stored && services.connecting.resolve(stored.profile, stored.source.folder).resolved.profile;
		return {
			...sketchOfPlan(plan, saved?.url ?? plan.connection.url ?? ''),
			...userOf(stored?.profile),
			...(saved && { profile: saved.values }),
		};
	}

	return {
		commands: {
			async pasteCommandLine() {
				const editor = vscode.window.activeTextEditor;
				const request = await pasted(await vscode.env.clipboard.readText());
				if ('problem' in request)
					throw fail('no-command', `The clipboard does not contain a command line: ${request.problem}`, {
						remedy: { text: `Copy a command line of ${pasteable()}.` },
					});
				if (!editor || !isMessageFile(editor.document)) {
					const document = await vscode.workspace.openTextDocument({ language: languageId, content: request.text });
					await vscode.window.showTextDocument(document);
					return;
				}
				const { position, content } = placed(editor.document, editor.selection.active, request.text);
				await editor.edit((edit) => edit.insert(position, content));
				editor.revealRange(new vscode.Range(position, position));
			},
			copyRequestAs: async (uri, key) => chooseAndCopy(await sketchHere(uri, key)),
			/** Takes the connection's id and the draft of its composer. */
			async copyDraftAs(id, draft) {
				const connection = connectionFor(id);
				if (!connection || !isDraft(draft)) throw nothingToCopy();
				await chooseAndCopy(connection.sketch(draft));
			},
			/** Takes the connection's id, or the log of a recording, and the number of a line of the log. */
			async copyMessageAs(id, seq) {
				const connection = isShownLog(id) ? recordedIn(id) : connectionFor(id);
				if (!connection || !Number.isSafeInteger(seq)) throw nothingToCopy();
				const { description } = connection;
				const message = await connection.engine().message(Number(seq));
				const draft = loggedDraft(description, message);
				const sketch = connection.sketch(draft);
				await chooseAndCopy(sketch, (request) => assertSends(request, [draft], description, { url: sketch.url }));
			},
		},
		dispose: () => lifetime.dispose(),
	};
}

/** The user name of the copied text. Passwords are never copied: programs have a placeholder instead. */
function userOf(profile: Profile | undefined): { username?: string } {
	return typeof profile?.username === 'string' && profile.username !== '' ? { username: profile.username } : {};
}

/** One command of each protocol that has some. */
const pasteable = (): string => orList(descriptions.flatMap(({ files }) => files?.tools?.commands.slice(0, 1) ?? []));

const nothingToCopy = () => fail('no-message', 'There is no message to copy.');

export function isDraft(value: unknown): value is Draft {
	const draft = value as Partial<Draft> | null | undefined;
	return (
		typeof draft?.verb === 'string' &&
		typeof draft.target === 'string' &&
		typeof draft.values === 'object' &&
		draft.values !== null &&
		draft.payload instanceof Uint8Array
	);
}

/** The place and text to insert: behind the request at the cursor. */
function placed(document: vscode.TextDocument, at: vscode.Position | undefined, text: string) {
	const { offset, before, after } = insertionFor(parsed(document), at ? document.offsetAt(at) : 0);
	return { position: document.positionAt(offset), content: `${before}${text}${after}` };
}
