import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { choicePage } from '../../choose/page';
import { rank } from '../../choose/rank';
import { starters } from '../../choose/starter';
import { startOf } from '../../model/profile/edit';
import { describe, descriptions } from '../../protocols/descriptions';
import { allNeeds, type Need, needs as needWords } from '../../protocols/needs';
import type { Commands } from '../commands/registry';
import { figuresOf } from '../compare/figures';
import type { Forms } from '../form/form';
import type { Services } from '../services';
import { pickMany, pickOne } from '../ui/prompt';

const key = 'choose.needs';
const title = 'Choose a Protocol';
const command = (name: string, ...args: string[]) =>
	`command:messagingWorkbench.${name}?${encodeURIComponent(JSON.stringify(args))}`;

/** The command that ranks the protocols by what an application needs, and those of its page. */
export function createChoosing({ context }: Services, forms: Forms): Disposable & { commands: Commands } {
	const state = context.globalState;
	let panel: vscode.WebviewPanel | undefined;

	async function chooseProtocol(): Promise<void> {
		const before = state.get<Need[]>(key, []);
		const chosen = await pickMany(
			allNeeds.map((need) => {
				const { label, topic, detail } = needWords[need];
				return { need, label, description: `${topic}: ${detail}`, picked: before.includes(need) };
			}),
			{ title, placeHolder: 'What does your application need? Choose all that matter.', matchOnDescription: true },
		);
		if (!chosen || chosen.length === 0) return;
		const needs = chosen.map(({ need }) => need);
		await state.update(key, needs);
		show(needs);
	}

	function show(needs: readonly Need[]): void {
		if (!panel) {
			const commands = ['tryProtocol', 'showStarterCode', 'chooseProtocol'];
			panel = vscode.window.createWebviewPanel('messagingWorkbench.choose', title, vscode.ViewColumn.Active, {
				enableScripts: false,
				localResourceRoots: [],
				enableCommandUris: commands.map((name) => `messagingWorkbench.${name}`),
			});
			panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'panel.svg');
			panel.onDidDispose(() => {
				panel = undefined;
			});
		}
		panel.webview.html = choicePage({
			...{ needs, ranked: rank(needs, descriptions), figures: figuresOf(state) },
			tryIt: (protocol) => command('tryProtocol', protocol),
			starter: (protocol) => command('showStarterCode', protocol),
			...{ change: command('chooseProtocol'), nonce: randomBytes(18).toString('base64') },
		});
		panel.reveal();
	}

	async function tryProtocol(protocol: unknown): Promise<void> {
		const description = typeof protocol === 'string' ? describe(protocol) : undefined;
		if (!description) return;
		const { label, urlPlaceholder, presets = [] } = description;
		const own = { label: 'Own Server', description: urlPlaceholder, detail: 'Starts with an example of an address.' };
		const items = [
			{ ...own, profile: { name: '', ...startOf(description, { url: urlPlaceholder }) } },
			...presets.map((preset) => ({
				...{ label: preset.label, description: preset.url, detail: preset.help },
				profile: { name: preset.label, ...startOf(description, preset) },
			})),
		];
		const choice = items.length === 1 ? items[0] : await pickOne(items, { title: `Try ${label}`, matchOnDetail: true });
		if (choice) forms.open(undefined, choice.profile);
	}

	async function showStarterCode(protocol: unknown): Promise<void> {
		const description = typeof protocol === 'string' ? describe(protocol) : undefined;
		if (!description) return;
		const choice = await pickOne(await starters(description), { title: `Starter Code for ${description.label}` });
		if (!choice) return;
		const document = await vscode.workspace.openTextDocument({ language: choice.language, content: choice.text });
		await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
	}

	return {
		commands: { chooseProtocol, tryProtocol, showStarterCode },
		dispose: () => panel?.dispose(),
	};
}
