import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { isRecord } from '../base/check';
import type { Disposable } from '../base/disposable';
import { FailureError } from '../base/failure';
import { idFor } from '../model/contracts/settings';
import type { Commands } from './commands/registry';
import { connectProfile } from './connections/connect';
import { playgroundFailed } from './failures';
import type { Panels } from './panel/panel';
import type { Services } from './services';
import type { Scope } from './settings/sources';
import { requireTrust } from './trust';
import { notify } from './ui/notify';

/** Milliseconds within which the playground must open its ports. */
const startTimeout = 10_000;

export interface Playground extends Disposable {
	readonly commands: Commands;
}

/** Runs the local servers with their devices in a separate thread. They listen on loopback only. */
export function createPlayground(services: Services, panels: Panels, path: string): Playground {
	let worker: Worker | undefined;
	setRunning(false);

	async function start(): Promise<Ports> {
		const own = new Worker(path, { workerData: {}, execArgv: [], stdout: true, stderr: true });
		own.stdout.resume();
		own.stderr.setEncoding('utf8').on('data', (text: string) => services.log.warn(`Playground: ${text.trim()}`));
		worker = own;
		own.on('exit', () => {
			if (worker !== own) return;
			worker = undefined;
			setRunning(false);
		});
		return new Promise<Ports>((resolve, reject) => {
			const failed = (evidence: string) => {
				reject(playgroundFailed(evidence));
				void own.terminate();
			};
			const timer = setTimeout(() => failed(`no response within ${startTimeout / 1000} s`), startTimeout);
			own.on('error', (error) => failed(error.message));
			own.on('message', (message: unknown) => {
				const ready = isRecord(message) && isRecord(message.ready) ? message.ready : undefined;
				const { mqtt, ws, coap } = ready ?? {};
				if (typeof mqtt === 'number' && typeof ws === 'number' && typeof coap === 'number') {
					resolve({ mqtt, ws, coap });
					setRunning(true);
				} else if (isRecord(message) && 'error' in message) failed(textOf(message.error));
				clearTimeout(timer);
			});
			own.on('exit', () => clearTimeout(timer));
		});
	}

	async function stop(): Promise<void> {
		const own = worker;
		worker = undefined;
		await own?.terminate();
		setRunning(false);
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

	return {
		commands: {
			async startPlayground() {
				requireTrust();
				if (worker) return;
				const { mqtt, ws, coap } = await start();
				const add = 'Add and Connect';
				const choice = await notify(
					'information',
					`The playground is running on this machine: MQTT on port ${mqtt}, WebSocket on port ${ws}, CoAP on port ${coap}.`,
					add,
				);
				if (choice !== add) return;
				const id = await profileFor({
					name: 'Playground',
					protocol: 'mqtt',
					url: `mqtt://127.0.0.1:${mqtt}`,
					subscriptions: [{ target: 'farm/#' }],
				});
				const stored = services.profiles.find(id);
				if (stored && (await connectProfile(services, id))) panels.open(stored.profile);
				const socket = `ws://127.0.0.1:${ws}`;
				await profileFor({ name: 'Playground Echo', protocol: 'websocket', url: `${socket}/echo` });
				await profileFor({ name: 'Playground Ticker', protocol: 'websocket', url: `${socket}/ticker` });
				await profileFor({ name: 'Playground Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${coap}` });
			},
			stopPlayground: stop,
		},
		dispose: () => void stop(),
	};
}

interface Ports {
	mqtt: number;
	ws: number;
	coap: number;
}

function setRunning(running: boolean): void {
	void vscode.commands.executeCommand('setContext', 'messagingWorkbench.playground', running);
}

function textOf(error: unknown): string {
	if (error instanceof FailureError) return error.failure.message;
	return isRecord(error) && typeof error.message === 'string' ? error.message : String(error);
}
