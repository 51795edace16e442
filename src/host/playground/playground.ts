import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { PlaygroundConnection, PlaygroundServer } from '../../model/contracts/playground';
import type { Commands } from '../commands/registry';
import { connectProfile } from '../connections/connect';
import { languageId } from '../message-files/document';
import type { Panels } from '../panel/panel';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import type { Sidebar } from '../sidebar/tree';
import { stepTaken } from '../steps-taken';
import { requireTrust, statFile } from '../trust';
import { notify } from '../ui/notify';
import { addConnection, listedAt, storePasswords, usableConnections } from './profiles';
import { findPlayground } from './running';
import { sampleFile } from './sample-file';
import { pickServer, serversText, startingText } from './server-list';
import { createPlaygroundThread } from './thread';

export interface Playground extends Disposable {
	readonly commands: Commands;
}

/** Milliseconds between two looks at servers that start. */
const interval = 1000;

/** The commands that start and stop the playground, and its connections. `path`: the code of its thread. */
export function createPlayground(services: Services, panels: Panels, sidebar: Sidebar, path: string): Playground {
	const { playground: state, profiles, log } = services;
	const lifetime = new DisposableStore();
	const thread = lifetime.add(
		createPlaygroundThread({
			path,
			folder: vscode.Uri.joinPath(services.context.globalStorageUri, 'playground').fsPath,
			changed: (servers) => state.set(servers),
			output: (text) => log.warn(`Playground: ${text}`),
		}),
	);
	let timer: NodeJS.Timeout | undefined;
	let context: boolean | undefined;
	lifetime.add({ dispose: () => clearTimeout(timer) });

	/** Shows what starts, second by second. */
	function showStarting(): void {
		clearTimeout(timer);
		const text = startingText(state.servers);
		sidebar.setMessage(text);
		if (text !== undefined) timer = setTimeout(showStarting, interval);
	}
	function changed(): void {
		showStarting();
		if (context !== thread.running) {
			context = thread.running;
			void vscode.commands.executeCommand('setContext', 'messagingWorkbench.playground', context);
		}
		void keepPasswords();
	}
	lifetime.add(state.onChanged(changed));
	changed();

	async function keepPasswords(): Promise<void> {
		try {
			await storePasswords(services, state.servers);
		} catch (error) {
			log.warn(`Playground: ${log.failure(error).message}`);
		}
	}

	/** The one that serves the listed connections, or that of this window. Starts it if there is none. */
	async function running(): Promise<{ servers: readonly PlaygroundServer[]; own: boolean }> {
		await profiles.ready;
		const found = thread.running
			? undefined
			: await findPlayground(profiles.profiles.map(({ profile }) => profile.url));
		if (found) {
			state.set(found.servers);
			void follow(found.again);
		} else await thread.start();
		stepTaken('playgroundFound');
		return { servers: state.servers, own: !found };
	}

	/** Keeps the state of another process's playground current while servers of it start. */
	async function follow(again: () => Promise<PlaygroundServer[] | undefined>): Promise<void> {
		while (!lifetime.disposed && !thread.running && state.servers.some((server) => server.state === 'starting')) {
			await new Promise((resolve) => setTimeout(resolve, interval));
			const servers = await again();
			if (!thread.running) state.set(servers ?? []);
		}
	}

	/** The listed connection to the first server, or a new one. */
	async function firstConnection(servers: readonly PlaygroundServer[]): Promise<string | undefined> {
		const first = firstOf(servers);
		if (!first) return undefined;
		return listedAt(services, first)?.profile.id ?? addConnection(services, first);
	}

	async function open(id: string, connection: PlaygroundConnection): Promise<void> {
		const { profile } = storedProfile(profiles, id);
		if (!(await connectProfile(services, id))) return;
		const { firstMessage } = connection;
		if (firstMessage) panels.reveal(profile, '', true, firstMessage);
		else panels.open(profile);
	}

	/** Connects to the first server and opens its panel. Adds all connections of the playground unless that one is listed. */
	async function connect(servers: readonly PlaygroundServer[]): Promise<void> {
		const first = firstOf(servers);
		const isListed = first !== undefined && listedAt(services, first) !== undefined;
		const id = await firstConnection(servers);
		if (first && id !== undefined) await open(id, first);
		if (isListed) return;
		for (const connection of usableConnections(state.servers)) await addConnection(services, connection);
		await keepPasswords();
	}

	async function showServers(): Promise<void> {
		const server = await pickServer(state);
		const connection = server?.connections[0];
		if (!connection) return;
		const id = listedAt(services, connection)?.profile.id ?? (await addConnection(services, connection));
		await keepPasswords();
		await open(id, connection);
	}

	return {
		commands: {
			async startPlayground() {
				requireTrust();
				const { servers, own } = await running();
				const first = firstOf(servers);
				const name = first && listedAt(services, first)?.profile.name;
				const button = name === undefined ? 'Add and Connect' : `Connect ${name}`;
				const all = 'Show Servers';
				const text = `The playground ${own ? 'is running' : 'is already running'} on this machine: ${serversText(servers)}`;
				const choice = await notify('information', text, button, all);
				if (choice === button) await connect(servers);
				else if (choice === all) await showServers();
			},
			async tryPlayground() {
				requireTrust();
				const { servers } = await running();
				await vscode.commands.executeCommand('workbench.view.extension.messagingWorkbench');
				await connect(servers);
			},
			async tryMessageFile() {
				requireTrust();
				const { servers } = await running();
				const id = await firstConnection(servers);
				const name = id === undefined ? '' : storedProfile(profiles, id).profile.name;
				const document = (await sampleDocument()) ?? (await untitled(sampleFile(name)));
				await vscode.window.showTextDocument(document, { preview: false });
				await vscode.commands.executeCommand('messagingWorkbench.sendAllRequests', document.uri.toString());
			},
			async showPlayground() {
				requireTrust();
				if (state.servers.length === 0) await running();
				await showServers();
			},
			stopPlayground: () => thread.stop(),
		},
		dispose: () => lifetime.dispose(),
	};
}

const firstOf = (servers: readonly PlaygroundServer[]): PlaygroundConnection | undefined => servers[0]?.connections[0];

/** The message file of the sample folder, if that is open. */
async function sampleDocument(): Promise<vscode.TextDocument | undefined> {
	const [folder] = vscode.workspace.workspaceFolders ?? [];
	const uri = folder && vscode.Uri.joinPath(folder.uri, 'farm.messages');
	const isThere =
		uri &&
		(await statFile(uri).then(
			() => true,
			() => false,
		));
	return isThere ? vscode.workspace.openTextDocument(uri) : undefined;
}

const untitled = (content: string) => vscode.workspace.openTextDocument({ language: languageId, content });
