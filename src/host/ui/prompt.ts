import * as vscode from 'vscode';
import { visibleText } from './visible-text';

/** A line to choose. Icons are named apart: in the texts they would be drawn for anyone who writes `$(name)`. */
export interface Choice {
	label: string;
	icon?: string;
	description?: string;
	/** Drawn in front of the description. */
	mark?: { icon: string; text: string };
	detail?: string;
	picked?: boolean;
}

interface PickOptions {
	title: string;
	placeHolder?: string;
	matchOnDescription?: boolean;
	matchOnDetail?: boolean;
}

/** What the editor draws for a choice; `choice` is what was meant. */
export type Item<T extends Choice> = vscode.QuickPickItem & { choice: T };

export function itemOf<T extends Choice>(choice: T): Item<T> {
	const { icon, mark, detail, picked } = choice;
	const description = [
		mark && `$(${mark.icon}) ${visibleText(mark.text)}`,
		choice.description && visibleText(choice.description),
	].filter(Boolean);
	return {
		label: `${icon ? `$(${icon}) ` : ''}${visibleText(choice.label)}`,
		...(description.length > 0 ? { description: description.join(' · ') } : {}),
		...(detail ? { detail: visibleText(detail) } : {}),
		...(picked === undefined ? {} : { picked }),
		choice,
	};
}

function optionsOf({ title, placeHolder, ...options }: PickOptions) {
	return {
		...options,
		title: visibleText(title),
		...(placeHolder === undefined ? {} : { placeHolder: visibleText(placeHolder) }),
	};
}

/** Lets the user choose one. Undefined: given up. */
export async function pickOne<T extends Choice>(choices: readonly T[], options: PickOptions): Promise<T | undefined> {
	return (await vscode.window.showQuickPick(choices.map(itemOf), optionsOf(options)))?.choice;
}

/** Lets the user choose any number. Undefined: given up. */
export async function pickMany<T extends Choice>(
	choices: readonly T[],
	options: PickOptions,
): Promise<T[] | undefined> {
	const items = await vscode.window.showQuickPick(choices.map(itemOf), { ...optionsOf(options), canPickMany: true });
	return items?.map(({ choice }) => choice);
}

/** A list that changes while the user types. */
export function createPick<T extends Choice>(title: string, placeholder: string) {
	const pick = vscode.window.createQuickPick<Item<T>>();
	pick.title = visibleText(title);
	pick.placeholder = visibleText(placeholder);
	return pick;
}

/** Asks for a text. Prompts and what validation says may hold links, as notifications may. */
export async function askText(
	options: Pick<vscode.InputBoxOptions, 'value' | 'password' | 'ignoreFocusOut'> & {
		title: string;
		prompt?: string;
		placeHolder?: string;
		/** One sentence that says what is wrong, or undefined. */
		check?(text: string): string | undefined;
	},
): Promise<string | undefined> {
	const { title, prompt, placeHolder, check, ...rest } = options;
	return vscode.window.showInputBox({
		...rest,
		title: visibleText(title),
		...(prompt === undefined ? {} : { prompt: visibleText(prompt) }),
		...(placeHolder === undefined ? {} : { placeHolder: visibleText(placeHolder) }),
		...(check === undefined
			? {}
			: {
					validateInput(text) {
						const wrong = check(text);
						return wrong === undefined ? undefined : visibleText(wrong);
					},
				}),
	});
}
