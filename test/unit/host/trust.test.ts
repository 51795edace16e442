import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { createMessageFiles } from '../../../src/host/message-files/message-files';
import { loadHost } from '../../support/host/load-host';
import { type ReadingEditor, readingEditor } from '../../support/host/reading-editor';
import { eventually } from '../../support/run/eventually';

const text = [
	'# @env dev',
	'# @connection Farm',
	'### One',
	'PUBLISH a/{{room}}',
	'',
	'{{$processEnv MW_TRUST_CANARY}} {{$dotenv KEY}} {{nowhere.x}}',
	'< ./payloads/',
	'',
].join('\n');
const files = {
	'/project/http-client.env.json': '{"dev":{"room":"canary-room"}}',
	'/project/http-client.private.env.json': '{"dev":{"token":"canary-token"}}',
	'/project/.env': 'KEY=canary-dotenv',
	'/project/payloads/listed.bin': 'canary-payload',
};
process.env.MW_TRUST_CANARY = 'canary-process';

/** Creates the message files and calls every provider at every position of the document. */
async function lookEverywhere(editor: ReadingEditor) {
	const host = await loadHost<{ createMessageFiles: typeof createMessageFiles }>(
		'src/host/message-files/message-files.ts',
		editor.vscode,
	);
	const onChanged = () => ({ dispose() {} });
	const services = {
		context: { workspaceState: { get() {} }, secrets: {}, extensionUri: { path: '/extension' } },
		profiles: { profiles: [], onChanged, find() {} },
		sessions: { all: [], onChanged, get() {} },
		log: {},
	};
	const items = new Map();
	const controller = {
		items: Object.assign(items, { add: (item: { id: string }) => items.set(item.id, item) }),
		createTestItem: (id: string, label: string) => {
			editor.shown.push(label);
			return { id, children: new Map(), tags: [] };
		},
	};
	const frame = { visible: false, onVisibility: onChanged, fill: () => () => {}, context() {} };
	const rules = { search: { files: new Map(), onChanged }, frame };
	const made = host.createMessageFiles(services as never, {} as never, { results: {}, controller, rules } as never);
	const answers: unknown[] = [];
	const ask = async () => {
		for (const [, provider] of editor.providers)
			for (const [name, method] of Object.entries(provider)) {
				if (!name.startsWith('provide') || /Edits|Actions/.test(name)) continue;
				for (let offset = 0; offset <= text.length; offset++)
					answers.push(await method.call(provider, editor.document, offset));
			}
		await made.tests.resolve(undefined);
	};
	await ask();
	return { made, answers, ask };
}

/** Answers hold editor objects that refer to each other. */
const words = (value: unknown) => {
	const seen = new Set();
	return JSON.stringify(value, (_, one) => {
		if (typeof one !== 'object' || one === null) return one;
		if (seen.has(one)) return undefined;
		seen.add(one);
		return one;
	});
};

test('before trust, nothing of the workspace’s files, the environment or folders is read or shown', async (t) => {
	const editor = readingEditor(text, files, false);
	const { made, answers, ask } = await lookEverywhere(editor);
	t.after(() => made.dispose());
	await eventually('marks', async () => assert.ok(editor.shown.length > 0));
	assert.equal(editor.read.join(), '');
	assert.doesNotMatch(words([answers, editor.shown]), /canary|listed|b\.messages|payloads\//);
	assert.match(words(answers), /not trusted/, 'a hover gives the reason');
	const claims = editor.shown.filter((one) => /not defined|not set|no environment|not in the/i.test(one));
	assert.deepEqual(claims, [], 'what was not read is not called missing');
	await assert.rejects(Promise.resolve(made.commands.selectEnvironment()), /not trusted/);

	editor.grantTrust();
	answers.length = 0;
	await ask();
	for (const path of ['/project/.env', '/project/http-client.env.json', '/project/payloads', '**/*.messages'])
		assert.ok(editor.read.includes(path), path);
	assert.match(words(answers), /canary-room/);
	assert.match(words(answers), /canary-process/);
	assert.match(words(answers), /listed\.bin/);
});

test('only listed files of the host access the environment, files and folder listings', () => {
	const reach = /process\.env\b|\bworkspace\s*\.\s*(?:fs\b|findFiles)|from 'node:fs/;
	const found = readdirSync('src/host', { recursive: true, encoding: 'utf8' })
		.map((path) => path.replaceAll('\\', '/'))
		.filter((path) => path.endsWith('.ts') && reach.test(readFileSync(join('src/host', path), 'utf8')));
	assert.deepEqual(found.sort(), [
		// Files that the user chose in a dialog.
		'commands/files.ts',
		// Writes a report into a file that the user chose in a dialog.
		'compare/report-tab.ts',
		// Compares a certificate authority with the approved one, after the check of trust.
		'connections/approvals.ts',
		// Resolves links, after its own check of trust.
		'message-files/body-files.ts',
		// These and `panel/text-file.ts` write files that the user chose in a dialog.
		'panel/chart-files.ts',
		'panel/files.ts',
		// Files of the extension itself.
		'panel/page.ts',
		'panel/text-file.ts',
		// A recording that the user opens.
		'recordings/head.ts',
		// Folders of the extension's storage, and the recording of an ended window.
		'recordings/history.ts',
		// Replaces a file that the user chose in a dialog.
		'recordings/save-as.ts',
		// The settings, which can be read before trust.
		'settings/sources.ts',
		'settings/write-file.ts',
		'trust.ts',
	]);
});
