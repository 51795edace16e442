import { Coalescer } from '../../base/coalesce';
import type { Services } from '../services';
import { type Choice, createPick, itemOf } from '../ui/prompt';

const maxCompletions = 100;
const maxRecent = 20;

export interface AskTarget {
	title: string;
	placeholder: string;
	/** Offered while the input is empty. */
	suggest?: readonly { target: string; label: string }[];
	/** One sentence that describes the problem, or undefined. */
	check(target: string): string | undefined;
}

/** Asks for a target. Recent ones come first, then completions from the topic tree; any valid target can be typed. */
export function askTarget(services: Services, id: string, ask: AskTarget): Promise<string | undefined> {
	const { context, sessions } = services;
	const key = `recent:${id}`;
	const recent = context.workspaceState.get<string[]>(key, []);
	const pick = createPick<Choice & { target: string }>(ask.title, ask.placeholder);
	let live: readonly string[] = [];

	function show(): void {
		const typed = pick.value;
		const wrong = typed === '' ? undefined : ask.check(typed);
		const seen = new Set<string>();
		const choices: (Choice & { target: string })[] = [];
		const add = (target: string, description: string) => {
			if (seen.has(target) || !target.toLowerCase().includes(typed.toLowerCase())) return;
			seen.add(target);
			choices.push({ target, label: target, description });
		};
		if (typed !== '' && !wrong) add(typed, 'as typed');
		for (const target of recent) add(target, 'recent');
		if (typed === '') for (const { target, label } of ask.suggest ?? []) add(target, label);
		for (const target of live) add(target, '');
		if (wrong && choices.length === 0) choices.push({ target: '', label: wrong });
		pick.items = choices.map((choice) => ({ ...itemOf(choice), alwaysShow: true }));
	}

	async function complete(): Promise<void> {
		const typed = pick.value;
		const found = await completions(typed);
		if (pick.value !== typed) return;
		live = found;
		show();
	}

	async function completions(start: string): Promise<string[]> {
		try {
			return (await sessions.get(id)?.engine().complete(start, maxCompletions)) ?? [];
		} catch {
			return [];
		}
	}

	const completing = new Coalescer(100, () => void complete());
	pick.onDidChangeValue(() => {
		show();
		completing.request();
	});
	show();
	completing.request();
	return new Promise((resolve) => {
		pick.onDidAccept(() => {
			// Enter may come before the items of the last characters are shown: then the text counts, and no item of an earlier one.
			const chosen = pick.selectedItems[0]?.choice.target ?? '';
			const target = chosen.toLowerCase().includes(pick.value.toLowerCase()) ? chosen : pick.value;
			if (target === '' || ask.check(target) !== undefined) return;
			void context.workspaceState.update(key, [target, ...recent.filter((one) => one !== target)].slice(0, maxRecent));
			resolve(target);
			pick.hide();
		});
		pick.onDidHide(() => {
			resolve(undefined);
			completing.dispose();
			pick.dispose();
		});
		pick.show();
	});
}
