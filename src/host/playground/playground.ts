import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { idFor } from '../../model/contracts/settings';
import type { Commands } from '../commands/registry';
import { connectProfile } from '../connections/connect';
import { languageId } from '../message-files/document';
import type { Panels } from '../panel/panel';
import { type StoredProfile, storedProfile } from '../profiles/store';
import type { Services } from '../services';
import type { Scope } from '../settings/sources';
import { stepTaken } from '../steps-taken';
import { requireTrust, statFile } from '../trust';
import { notify } from '../ui/notify';
import { findPlayground, localPort, type Ports } from './running';
import { sampleFile } from './sample-file';
import { createPlaygroundThread } from './thread';

export interface Playground extends Disposable {
	readonly commands: Commands;
}

/** Topic of the vent, which obeys "open" and "closed", in the compose form of a first connection. */
const firstMessage = { verb: 'publish', target: 'farm/greenhouse-1/vent/set', values: { qos: 1 } };

/** The commands that start and stop the playground, and its connections. `path`: the code of its thread. */
export function createPlayground(services: Services, panels: Panels, path: string): Playground {
	const thread = createPlaygroundThread(path, setRunning, (text) => services.log.warn(`Playground: ${text}`));
	setRunning(false);

	/** The one that serves the listed connections, or that of this window. Starts it if there is none. */
	async function running(): Promise<{ ports: Ports; own: boolean }> {
		if (thread.ports) return { ports: thread.ports, own: true };
		await services.profiles.ready;
		const found = await findPlayground(services.profiles.profiles.map(({ profile }) => profile.url));
		const ports = found ?? (await thread.start());
		stepTaken('playgroundFound');
		return { ports, own: !found };
	}

	/** The first listed connection to the farm of this playground. */
	function listed(ports: Ports): StoredProfile | undefined {
		return services.profiles.profiles.find(({ profile }) => {
			const found = localPort(profile.url);
			return profile.protocol === 'mqtt' && found?.scheme === 'mqtt' && found.port === ports.mqtt;
		});
	}

	/** Id of the existing connection with this URL, or of a new one. */
	async function profileFor(wanted: Record<string, unknown> & { url: string; name: string }): Promise<string> {
		const { profiles } = services;
		const existing = profiles.profiles.find(({ profile }) => profile.url === wanted.url);
		if (existing) return existing.profile.id;
		const id = idFor(wanted.name, profiles.ids());
		const scope: Scope = (vscode.workspace.workspaceFolders ?? []).length > 0 ? 'workspace' : 'user';
		await profiles.add({ id, ...wanted }, scope);
		return id;
	}

	/** The connection to the farm, which is added unless it is listed. */
	async function farm(ports: Ports): Promise<StoredProfile> {
		const existing = listed(ports);
		if (existing) return existing;
		const url = `mqtt://127.0.0.1:${ports.mqtt}`;
		const id = await profileFor({ name: 'Playground', protocol: 'mqtt', url, subscriptions: [{ target: 'farm/#' }] });
		return storedProfile(services.profiles, id);
	}

	/** Connects to the farm and opens its panel. Adds the connections of the playground unless the farm is listed. */
	async function connect(ports: Ports): Promise<void> {
		const isListed = listed(ports) !== undefined;
		const { profile } = await farm(ports);
		if (await connectProfile(services, profile.id)) panels.reveal(profile, '', true, firstMessage);
		if (isListed) return;
		const socket = `ws://127.0.0.1:${ports.ws}`;
		await profileFor({ name: 'Playground Echo', protocol: 'websocket', url: `${socket}/echo` });
		await profileFor({ name: 'Playground Ticker', protocol: 'websocket', url: `${socket}/ticker` });
		await profileFor({ name: 'Playground Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${ports.coap}` });
	}

	return {
		commands: {
			async startPlayground() {
				requireTrust();
				const { ports, own } = await running();
				const { mqtt, ws, coap } = ports;
				const name = listed(ports)?.profile.name;
				const button = name === undefined ? 'Add and Connect' : `Connect ${name}`;
				const state = own ? 'is running' : 'is already running';
				const choice = await notify(
					'information',
					`The playground ${state} on this machine: MQTT on port ${mqtt}, WebSocket on port ${ws}, CoAP on port ${coap}.`,
					button,
				);
				if (choice === button) await connect(ports);
			},
			async tryPlayground() {
				requireTrust();
				const { ports } = await running();
				await vscode.commands.executeCommand('workbench.view.extension.messagingWorkbench');
				await connect(ports);
			},
			async tryMessageFile() {
				requireTrust();
				const { ports } = await running();
				const document = (await sampleDocument()) ?? (await untitled(sampleFile((await farm(ports)).profile.name)));
				await vscode.window.showTextDocument(document, { preview: false });
				await vscode.commands.executeCommand('messagingWorkbench.sendAllRequests', document.uri.toString());
			},
			stopPlayground: () => thread.stop(),
		},
		dispose: () => thread.dispose(),
	};
}

function setRunning(running: boolean): void {
	void vscode.commands.executeCommand('setContext', 'messagingWorkbench.playground', running);
}

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
