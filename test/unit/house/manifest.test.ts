import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { run } from '../../../scripts/lib/process.mjs';
import { descriptions } from '../../../src/protocols/descriptions';
import { activateOnStub } from '../../support/host/vscode-stub';

interface Manifest {
	icon: string;
	description: string;
	keywords: string[];
	activationEvents: string[];
	contributes: {
		commands: { command: string; title: string; category: string }[];
		views: Record<string, { id: string; icon: string }[]>;
		viewsContainers: { activitybar: { id: string; icon: string }[] };
		viewsWelcome: { view: string; contents: string; when?: string }[];
		menus: Record<string, { command: string; when?: string }[]>;
		colors: { id: string; defaults: Record<string, string> }[];
		keybindings: { command: string; when: string }[];
		configuration: { properties: Record<string, unknown> };
		walkthroughs: {
			steps: {
				description: string;
				media: { svg?: string; image?: Record<string, string>; altText: string };
				completionEvents: string[];
			}[];
		}[];
	};
}

const { contributes, icon, description, keywords, activationEvents }: Manifest = JSON.parse(
	readFileSync('package.json', 'utf8'),
);
const seen = await activateOnStub();
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const contributed = contributes.commands.map(({ command }) => command);
const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
const steps = contributes.walkthroughs.flatMap((one) => one.steps);
/** Commands that buttons of texts run: `[Connect](command:…)`. */
const linked = [
	...contributes.viewsWelcome.map(({ contents }) => contents),
	...steps.map(({ description }) => description),
].flatMap((text) => [...text.matchAll(/\(command:([^)?]+)/g)].map(([, command = '']) => command));

test('every contributed command is registered, and every registered one contributed', () => {
	assert.deepEqual(sorted(contributed), sorted(seen.commands));
	assert.equal(new Set(seen.commands).size, seen.commands.length, 'registered twice');
	assert.equal(new Set(contributed).size, contributed.length, 'contributed twice');
});

test('every command has a title and the category that they share', () => {
	for (const { command, title, category } of contributes.commands) {
		assert.match(command, /^messagingWorkbench\.([a-z][A-Za-z]+|action\.[a-z0-9]+\.[A-Za-z][\w-]*)$/);
		assert.ok(title.length > 0);
		assert.equal(category, 'Messaging');
	}
});

test('menus, keys, welcome texts and walkthrough name commands that exist', () => {
	const events = steps.flatMap((step) => step.completionEvents.filter((event) => event.startsWith('onCommand:')));
	const used = [
		...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
		...contributes.keybindings.map(({ command }) => command),
		...linked.filter((command) => command.startsWith('messagingWorkbench.')),
		...events.map((event) => event.slice('onCommand:'.length)),
	];
	assert.deepEqual(
		used.filter((command) => !contributed.includes(command)),
		[],
	);
});

test('the remedies and links in the code name commands that exist', () => {
	const known = [...contributed, 'messagingWorkbench.connections.focus', 'messagingWorkbench.rules.focus'];
	for (const file of sources()) {
		const text = readFileSync(file, 'utf8');
		for (const [, command = ''] of text.matchAll(/(?:command: |executeCommand\()'(messagingWorkbench\.[\w.]+)'/g))
			assert.ok(known.includes(command), `${file}: ${command}`);
	}
});

test('every view is created, and every panel that is restored has a serializer', () => {
	assert.deepEqual(sorted(seen.views), sorted(views));
	const restored = activationEvents.flatMap((event) => /^onWebviewPanel:(.*)$/.exec(event)?.[1] ?? []);
	assert.deepEqual(sorted(seen.serializers), sorted(restored));
});

test('every context key of the extension in a when clause is set by the code, and every one that is set is used', () => {
	const clauses = [
		...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? '')),
		...contributes.keybindings.map(({ when }) => when),
		...contributes.viewsWelcome.map(({ when }) => when ?? ''),
		...steps.flatMap(({ completionEvents }) => completionEvents.filter((event) => event.startsWith('onContext:'))),
	];
	const keys = clauses.flatMap(
		(clause) =>
			// The type of a panel is not a context key.
			clause.replace(/activeWebviewPanelId == '[^']*'/, '').match(/messagingWorkbench\.\w+/g) ?? [],
	);
	const known = keys.filter((key) => !views.includes(key));
	assert.deepEqual(sorted(known), sorted(seen.contextKeys));
});

test('every view in a when clause is contributed', () => {
	const clauses = Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? ''));
	for (const clause of clauses)
		for (const [, view = ''] of clause.matchAll(/\bview == ([\w.]+)/g)) assert.ok(views.includes(view), clause);
	for (const { view } of contributes.viewsWelcome) assert.ok(views.includes(view));
});

test('icons and walkthrough pictures exist', () => {
	const files = [
		icon,
		...contributes.viewsContainers.activitybar.map((one) => one.icon),
		...Object.values(contributes.views).flatMap((list) => list.map((one) => one.icon)),
		...steps.flatMap(({ media }) => media.svg ?? Object.values(media.image ?? {})),
	];
	for (const file of files) assert.ok(existsSync(file), file);
	assert.deepEqual(
		readdirSync('media/walkthrough')
			.map((name) => `media/walkthrough/${name}`)
			.sort(),
		steps.flatMap(({ media }) => media.svg ?? []).sort(),
	);
});

test('a picture of the walkthrough has colors of the theme only, a fallback for each, and no style that its page forbids', () => {
	for (const { media } of steps) {
		assert.ok(media.altText.length > 20);
		if (!media.svg) continue;
		const text = readFileSync(media.svg, 'utf8');
		assert.doesNotMatch(text, /<style|style=|<script|href=|url\(/, media.svg);
		for (const [, value = ''] of text.matchAll(/(?:fill|stroke)="([^"]*)"/g))
			assert.match(value, /^(none|var\(--vscode-[\w-]+, .+\))$/, media.svg);
	}
});

test('every color of the extension that is used is contributed for every kind of theme, and every contributed one is used', () => {
	const used = [...sources('src'), ...sources('webview')].flatMap((file) =>
		[...readFileSync(file, 'utf8').matchAll(/messagingWorkbench[.-](production[A-Za-z]+)/g)].map(
			([, name]) => name ?? '',
		),
	);
	assert.deepEqual(
		sorted(used.map((name) => `messagingWorkbench.${name}`)),
		sorted(contributes.colors.map(({ id }) => id)),
	);
	for (const { id, defaults } of contributes.colors)
		assert.deepEqual(sorted(Object.keys(defaults)), ['dark', 'highContrast', 'highContrastLight', 'light'], id);
});

test('package.json agrees with its template and the descriptions', async () => {
	const { code, text } = await run(process.execPath, ['scripts/manifest.mjs', '--check'], { timeoutMs: 60_000 });
	assert.equal(code, 0, text);
});

test('the description and the keywords name every protocol', () => {
	for (const { id, label } of descriptions) {
		assert.ok(keywords.includes(id), id);
		assert.ok(description.includes(label), label);
	}
});

test('no setting that a workspace may set raises a limit', () => {
	for (const [name, schema] of Object.entries(contributes.configuration.properties))
		if (!/\.(?:connections|files\.showResults)$/.test(name))
			assert.equal((schema as { scope: string }).scope, 'machine', name);
});

test('activation loads nothing but the editor and Node', () => {
	assert.deepEqual(
		seen.required.filter((name) => name !== 'vscode' && !name.startsWith('node:')),
		[],
	);
});

function sources(folder = 'src'): string[] {
	return readdirSync(folder, { recursive: true })
		.map((file) => `${folder}/${String(file)}`)
		.filter((file) => file.endsWith('.ts'));
}
