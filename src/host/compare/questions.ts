import type * as vscode from 'vscode';
import { concerns, needsTarget, targetProblem } from '../../compare/report/concerns';
import type { CompareData } from '../../compare/report/thread';
import { size } from '../../compare/report/words';
import type { Guarantee } from '../../protocols/comparison';
import { describe } from '../../protocols/descriptions';
import type { StoredProfile } from '../profiles/store';
import type { Services } from '../services';
import { askModal } from '../ui/notify';
import { askText, pickMany, pickOne } from '../ui/prompt';

const title = 'Compare Connections';
const targetsKey = 'compare.targets';
const warmUp = 0.5;

/** Lengths of the measurement. */
const lengths = [
	{ label: 'Short', detail: '3 runs of 1 second, without the sustained rate', runs: 3, seconds: 1, capacity: false },
	{
		label: 'Thorough',
		detail: '5 runs of 5 seconds, and the rate that each connection sustains',
		runs: 5,
		seconds: 5,
		capacity: true,
	},
];

const sizes = [16, 1024, 64 * 1024];

const guarantees: { label: string; detail: string; value: Guarantee[] }[] = [
	{ label: 'Both', detail: 'Each guarantee with its own figures', value: ['at-most-once', 'at-least-once'] },
	{ label: 'At least once', detail: 'QoS 1, CON, JetStream, confirm and ack, acks=all …', value: ['at-least-once'] },
	{ label: 'At most once', detail: 'QoS 0, NON, core NATS, no-ack, acks=0 …', value: ['at-most-once'] },
];

/** Asks what is compared and how. Undefined if the user cancelled. */
export async function askComparison(services: Services, product: string): Promise<CompareData | undefined> {
	const { profiles, context, log } = services;
	const items = profiles.profiles.flatMap((stored) => {
		const description = describe(stored.profile.protocol);
		if (!description?.comparison) return [];
		return [
			{ label: stored.profile.name, description: `${description.label} · ${log.redact(stored.profile.url)}`, stored },
		];
	});
	const chosen = await pickMany(items, {
		title,
		placeHolder: 'Connections to measure side by side',
		matchOnDescription: true,
	});
	if (!chosen || chosen.length === 0) return undefined;
	const subjects: { stored: StoredProfile; target: string }[] = [];
	for (const { stored } of chosen) {
		const target = await askTarget(stored, context.globalState);
		if (target === undefined) return undefined;
		subjects.push({ stored, target });
	}
	const wanted = await pickMany(
		sizes.map((value) => ({ label: size(value), picked: value <= 1024, value })),
		{ title, placeHolder: 'Sizes of the payload' },
	);
	if (!wanted || wanted.length === 0) return undefined;
	const guarantee = await pickOne(guarantees, { title, placeHolder: 'What must be guaranteed about a message' });
	if (!guarantee) return undefined;
	const length = await pickOne(
		lengths.map((one) => ({
			...one,
			description: timeOf(one, subjects.length * wanted.length * guarantee.value.length),
		})),
		{ title, placeHolder: 'How long' },
	);
	if (!length || !(await agreed(subjects))) return undefined;
	const requests: CompareData['subjects'] = [];
	for (const { stored, target } of subjects) {
		const request = await services.connecting.request(stored.profile, stored.source.scope, stored.source.folder);
		if (!request) return undefined;
		const { profile, secrets } = request;
		const name = target === '' ? profile.name : `${profile.name} ${target}`;
		requests.push({ name, profile, secrets, protocol: profile.protocol, target });
	}
	const { runs, seconds, capacity } = length;
	return {
		...{
			subjects: requests,
			guarantees: guarantee.value,
			sizes: wanted.map(({ value }) => value),
			runs,
			seconds,
			capacity,
		},
		...{ rate: 200, warmUp, maxDelay: 20, idle: 0, product },
	};
}

async function askTarget({ profile }: StoredProfile, state: vscode.Memento): Promise<string | undefined> {
	const description = describe(profile.protocol);
	if (!description || !needsTarget(description)) return '';
	const remembered = state.get<Record<string, string>>(targetsKey, {});
	const { words } = description;
	const target = await askText({
		title: `${title}: ${profile.name}`,
		prompt: `The ${words.target} that messages are sent to and received from`,
		value: remembered[profile.id] ?? '',
		ignoreFocusOut: true,
		check: (text) => targetProblem(description, text),
	});
	if (target !== undefined) await state.update(targetsKey, { ...remembered, [profile.id]: target });
	return target;
}

/** Asks once about everything that the measurement does to others. */
async function agreed(subjects: readonly { stored: StoredProfile; target: string }[]): Promise<boolean> {
	const texts = subjects.flatMap(({ stored: { profile }, target }) => {
		const description = describe(profile.protocol);
		if (!description) return [];
		return concerns({
			name: `“${profile.name}”`,
			url: profile.url,
			production: profile.production === true,
			description,
			target,
		});
	});
	if (texts.length === 0) return true;
	const compare = 'Compare';
	const question = 'Send 200 messages per second, and more while searching the sustained rate, to these connections?';
	return (await askModal('warning', question, texts.join('\n'), compare)) === compare;
}

/** "about 3 minutes" */
function timeOf({ runs, seconds, capacity }: (typeof lengths)[number], cells: number): string {
	const total = cells * (runs * (seconds + warmUp + 0.3) + (capacity ? 12 : 0));
	return total < 100 ? `about ${Math.ceil(total / 10) * 10} seconds` : `about ${Math.round(total / 60)} minutes`;
}
