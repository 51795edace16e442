import * as vscode from 'vscode';
import { visibleText } from './visible-text';

/** An item to choose. Icons are separate, because `$(name)` in a text from outside must not be drawn as an icon. */
export interface Choice {
	label: string;
	icon?: string;
	description?: string;
	/** Shown before the description. */
	mark?: { icon: string; text: string };
	detail?: string;
	picked?: boolean;
}

interface Texts {
	title: string;
	prompt?: string;
	placeHolder?: string;
}

type PickOptions = Omit<Texts, 'prompt'> & Pick<vscode.QuickPickOptions, 'matchOnDescription' | 'matchOnDetail'>;

/** The item that VS Code shows for a choice. */
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

/** VS Code renders links in prompts and validation messages, as in notifications. Here they are made inert. */
function visibleTexts<T extends Texts>({ title, prompt, placeHolder, ...rest }: T) {
	return {
		...rest,
		title: visibleText(title),
		...(prompt === undefined ? {} : { prompt: visibleText(prompt) }),
		...(placeHolder === undefined ? {} : { placeHolder: visibleText(placeHolder) }),
	};
}

/** Lets the user choose one item. Undefined if the user cancelled. */
export async function pickOne<T extends Choice>(choices: readonly T[], options: PickOptions): Promise<T | undefined> {
	return (await vscode.window.showQuickPick(choices.map(itemOf), visibleTexts(options)))?.choice;
}

/** Lets the user choose any number of items. Undefined if the user cancelled. */
export async function pickMany<T extends Choice>(
	choices: readonly T[],
	options: PickOptions,
): Promise<T[] | undefined> {
	const items = await vscode.window.showQuickPick(choices.map(itemOf), { ...visibleTexts(options), canPickMany: true });
	return items?.map(({ choice }) => choice);
}

/** A list whose items can change while the user types. */
export function createPick<T extends Choice>(title: string, placeholder: string) {
	const pick = vscode.window.createQuickPick<Item<T>>();
	pick.title = visibleText(title);
	pick.placeholder = visibleText(placeholder);
	return pick;
}

/** Asks for a text. `check` returns one sentence that describes the problem, or undefined. */
export async function askText(
	options: Texts &
		Pick<vscode.InputBoxOptions, 'value' | 'password' | 'ignoreFocusOut'> & {
			check?(text: string): string | undefined;
		},
): Promise<string | undefined> {
	const { check, ...rest } = options;
	const validateInput = (text: string) => {
		const problem = check?.(text);
		return problem === undefined ? undefined : visibleText(problem);
	};
	return vscode.window.showInputBox({ ...visibleTexts(rest), ...(check ? { validateInput } : {}) });
}
