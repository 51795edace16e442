import * as vscode from 'vscode';
import { Coalescer } from '../../../base/coalesce';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { type Lens, lenses } from '../../../files/language/lenses';
import type { RequestConnection } from '../../../files/run/connections/request-connection';
import { hasVariable } from '../../../files/syntax/ast';
import type { Services } from '../../services';
import { visibleText } from '../../ui/visible-text';
import { isMessageFile, languageId } from '../document';
import { keyOf, parsed, rangeIn } from '../parsed';
import { reportLenses, ruleLenses } from '../rules/lens-commands';
import type { RuleStates } from '../rules/states';
import type { Runs } from '../run/runs';
import type { Targets } from '../targets';
import { createLensRefresh } from './lens-refresh';

/**
 * Above this number of lenses, titles are provided when a lens becomes visible: the editor creates the elements of lenses
 * with titles at once and places all of them again with every key. Below it, titles are provided from the start, because a
 * lens without a title loses the first click.
 */
const maxEager = 300;

const icons = { send: 'play', request: 'play', converse: 'play', listen: 'broadcast', all: 'run-all' } as const;

/** The lenses above each request: send or stop, show the result, and the connection with its state. */
export function createLenses(
	{ sessions, profiles }: Services,
	runs: Runs,
	targets: Targets,
	rules: RuleStates,
): Disposable {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new vscode.EventEmitter<void>());
	const refresh = lifetime.add(createLensRefresh(visible, () => changed.fire()));
	let drawn = '';
	// The editor waits for a pause between change events: with an event for every message it would never redraw.
	const update = lifetime.add(
		new Coalescer(300, () => {
			const now = JSON.stringify([
				runs.kinds(),
				rules.appearance(visible()),
				sessions.all.map(({ id, status }) => [id, status.state.kind]),
				profiles.profiles.map(({ profile: { id, name, production } }) => [id, name, production]),
			]);
			if (now === drawn) return;
			drawn = now;
			refresh.request();
		}),
	);
	for (const event of [runs.onChanged, sessions.onChanged, profiles.onChanged] as const)
		lifetime.add((event as (listener: () => void) => Disposable)(() => update.request()));
	for (const event of [rules.onChanged, rules.onFigures]) lifetime.add(event(() => update.request()));
	lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => refresh.request()));
	lifetime.add(
		vscode.window.onDidChangeActiveTextEditor(
			(editor) => editor && isMessageFile(editor.document) && refresh.request(),
		),
	);
	refresh.request();

	function connectionLens({ uri }: vscode.TextDocument, connection: RequestConnection, text: string): vscode.Command {
		const stored = targets.used(connection, uri);
		const named = connection.kind === 'none' ? undefined : text;
		if (!stored) {
			const missing = connection.kind === 'named' && !hasVariable(connection.from);
			const icon = connection.kind === 'none' ? '$(plug) ' : missing ? '$(warning) No ' : '';
			return command(`${icon}${visibleText(missing ? `“${text}”` : text)}`, 'chooseFileConnection', uri, named);
		}
		const { id, name, production } = stored.profile;
		const state = sessions.get(id)?.status.state.kind ?? 'closed';
		const icon = {
			open: 'pass-filled',
			connecting: 'sync~spin',
			retrying: 'warning',
			closing: 'sync~spin',
			closed: 'circle-large-outline',
		};
		const words = {
			open: '',
			connecting: ': connecting',
			retrying: ': retrying',
			closing: ': closing',
			closed: ': not connected',
		};
		const marked = production === true ? '$(flame) PRODUCTION ' : '';
		return command(
			`$(${icon[state]}) ${marked}${visibleText(`${name}${words[state]}`)}`,
			'chooseFileConnection',
			uri,
			named,
		);
	}

	function commandsOf(document: vscode.TextDocument, lens: Lens, key: string): vscode.Command[] {
		const { uri } = document;
		if (lens.kind === 'connection') return [connectionLens(document, lens.connection, lens.title)];
		if (lens.kind === 'all') {
			if (runs.running(uri)) return [command('$(debug-stop) Stop All', 'stopRequest', uri)];
			return [command(`$(${icons.all}) ${lens.title}`, 'sendAllRequests', uri)];
		}
		if (lens.kind === 'rules') {
			if (rules.running(uri)) return [command('$(debug-stop) Stop All Rules', 'stopRulesInFile', uri)];
			return [command(`$(${icons.all}) ${lens.title}`, 'startRulesInFile', uri)];
		}
		if (lens.kind === 'rule' || lens.kind === 'report') {
			const state = rules.stateOf(document, key);
			const list = (lens.kind === 'rule' ? ruleLenses : reportLenses)(uri, key, state);
			return list.map(({ title, command: name, args, tooltip }) => ({
				...command(title, name, ...args),
				...(tooltip !== undefined && { tooltip }),
			}));
		}
		const state = runs.stateOf(uri, key);
		if (state?.kind === 'running')
			return [command(`$(debug-stop) ${lens.kind === 'listen' ? 'Stop Listening' : 'Stop'}`, 'stopRequest', uri, key)];
		const send = command(`$(${icons[lens.kind]}) ${lens.title}`, 'sendRequest', uri, key);
		return state ? [send, command('Result', 'showRequestResult', uri, key)] : [send];
	}

	/** Creates the command of a lens without a title. */
	const later = new WeakMap<vscode.CodeLens, () => vscode.Command | undefined>();

	function withoutTitles(
		document: vscode.TextDocument,
		lens: Lens,
		key: string,
		range: vscode.Range,
	): vscode.CodeLens[] {
		const count = lens.kind === 'connection' ? 1 : commandsOf(document, lens, key).length;
		return Array.from({ length: count }, (_, at) => {
			const drawn = new vscode.CodeLens(range);
			later.set(drawn, () => {
				const all = commandsOf(document, lens, key);
				return all[at] ?? all[0];
			});
			return drawn;
		});
	}

	lifetime.add(
		vscode.languages.registerCodeLensProvider(
			{ language: languageId },
			{
				onDidChangeCodeLenses: changed.event,
				provideCodeLenses(document) {
					refresh.provided(document.uri.toString());
					if (!isMessageFile(document)) return [];
					const file = parsed(document);
					const all = lenses(file);
					return all.flatMap((lens) => {
						const range = rangeIn(document, lens.range);
						const key = lens.section ? keyOf(file, lens.section) : '';
						if (all.length > maxEager) return withoutTitles(document, lens, key, range);
						return commandsOf(document, lens, key).map((one) => new vscode.CodeLens(range, one));
					});
				},
				resolveCodeLens(lens) {
					lens.command = later.get(lens)?.();
					return lens;
				},
			},
		),
	);
	return lifetime;
}

const visible = () =>
	vscode.window.visibleTextEditors
		.map(({ document }) => document)
		.filter(isMessageFile)
		.map(({ uri }) => uri.toString());

function command(title: string, name: string, ...args: unknown[]): vscode.Command {
	return {
		title,
		command: `messagingWorkbench.${name}`,
		arguments: args.map((one) => (one instanceof vscode.Uri ? one.toString() : one)),
	};
}
