import assert from 'node:assert/strict';
import test from 'node:test';
import type { settingsCommands } from '../../../../src/host/commands/settings';
import type { ReadSource } from '../../../../src/host/profiles/store';
import type { ListEdit } from '../../../../src/host/settings/edit';
import { readList } from '../../../../src/host/settings/text';
import { checkList } from '../../../../src/model/profile/check';
import { descriptions } from '../../../../src/protocols/descriptions';
import { loadHost } from '../../../support/host/load-host';

const path = ['messagingWorkbench.connections'];
const uri = 'vscode-userdata:/home/me/User/settings.json';
const text = `{
	"messagingWorkbench.connections": [
		{ "id": "a", "name": "A", "protocol": "mqtt", "url": "mqtt://a" },
		{ "id": "b", "name": "B", "protocol": "mqtt", "later": 1,
			"url": "mqtt://me:pw@b" },
		{ "name": "no id", "protocol": "mqtt", "url": "mqtt://me:pw@c" }
	]
}
`;

interface Position {
	line: number;
	character: number;
}

/** The commands on user settings that are open in an editor, or become open with `openSettingsJson`. */
async function commands(open: boolean) {
	const state = { text, stored: [] as string[], executed: [] as string[], shown: undefined as Position | undefined };
	const lines = (offset: number) => text.slice(0, offset).split('\n');
	const document = {
		uri,
		positionAt: (offset: number): Position => ({
			line: lines(offset).length - 1,
			character: lines(offset).at(-1)?.length ?? 0,
		}),
	};
	const editor = {
		document,
		set selection(selection: { start: Position }) {
			state.shown = selection.start;
		},
		revealRange() {},
	};
	const host = await loadHost<{ settingsCommands: typeof settingsCommands }>('src/host/commands/settings.ts', {
		Selection: class {
			constructor(readonly start: Position) {}
		},
		Range: class {},
		TextEditorRevealType: {},
		commands: { executeCommand: async (name: string) => void state.executed.push(name) },
		window: {
			get activeTextEditor() {
				return state.executed.length > 0 ? editor : undefined;
			},
			async showInformationMessage() {},
		},
	});
	const list = readList(text, path);
	const values = list.kind === 'list' ? list.entries.map(({ value }) => value) : [];
	const checked = checkList(values, descriptions, new Set());
	const source = { key: 'user', scope: 'user', label: 'user settings', path, configured: values } as const;
	const read = (isOpen: boolean) => ({ source, list, checked, ...(isOpen ? { document: { uri, text } } : {}) });
	const profiles = {
		sources: [read(open) as unknown as ReadSource],
		async reload() {
			profiles.sources = [read(state.executed.length > 0) as unknown as ReadSource];
		},
		async edit(_: unknown, change: ListEdit) {
			state.text = change(state.text, path);
		},
	};
	const secrets = {
		async set({ id, origin }: { id: string; origin: string }, key: string, value: string) {
			state.stored.push(`${id} ${origin} ${key}=${value}`);
		},
	};
	const connecting = { owner: ({ id, url }: { id: string; url: string }) => ({ id, origin: url }) };
	const { showInSettings, moveUrlPassword } = host.settingsCommands({ profiles, secrets, connecting } as never);
	const broken = (index: number) => ({ kind: 'broken', broken: { source, index, entry: values[index], problems: [] } });
	return { state, showInSettings, moveUrlPassword, broken };
}

const moved = text.replace(
	/"later": 1,\s*"url": "mqtt:\/\/me:pw@b"/,
	(part) => `${part.replace('me:pw@', '')},\n\t\t\t"username": "me",\n\t\t\t"secrets": [\n\t\t\t\t"password"\n\t\t\t]`,
);

for (const [name, open, argument, line] of [
	['the first line of the entry', true, uri, 3],
	['the last line of the entry', true, uri, 4],
	['a broken row, with the settings closed', false, 1, undefined],
] as const)
	test(`moves the password of a URL to the secret storage: ${name}`, async () => {
		const { state, moveUrlPassword, broken } = await commands(open);
		await moveUrlPassword?.(typeof argument === 'number' ? broken(argument) : argument, line);
		assert.deepEqual(state.stored, ['b mqtt://b password=pw']);
		assert.deepEqual(JSON.parse(state.text), JSON.parse(moved));
	});

test('refuses to move the password of an entry that is incomplete or gone', async () => {
	const { state, moveUrlPassword, broken } = await commands(true);
	for (const [argument, line, reason] of [
		[broken(2), undefined, /needs an id/],
		[uri, 7, /no longer in the settings/],
		['file:/other', 3, /no longer in the settings/],
	] as const)
		await assert.rejects(async () => moveUrlPassword?.(argument, line), reason);
	assert.deepEqual([state.stored, state.text], [[], text]);
});

test('opens the user settings and selects the entry', async () => {
	const { state, showInSettings, broken } = await commands(false);
	await showInSettings?.(broken(2));
	assert.deepEqual(state.executed, ['workbench.action.openSettingsJson']);
	assert.equal(state.shown?.line, 5);
});
