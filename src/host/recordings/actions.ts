import type { RecordedAction } from '../../model/contracts/panel-api';
import type { Field, FieldValue } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import type { Services } from '../services';

/** The ids of the actions on a recording. */
export const recordedAction = {
	replay: 'replay',
	readNext: 'read-next',
	readFrom: 'read-from',
	readAgain: 'read-again',
} as const;

/** What is offered for a recording. `connection`: the name of the recorded one. */
export function recordedActions(
	{ profiles }: Pick<Services, 'profiles'>,
	description: ProtocolDescription,
	connection: string | undefined,
): RecordedAction[] {
	const on = { connection: true } as const;
	const rest = { state: 'rest', is: true };
	return [
		{
			...{ id: recordedAction.replay, label: 'Replay…', icon: 'play', on },
			sideEffect: 'Sends the recorded messages to a connection. What will be sent is counted and shown first.',
			fields: replayFields(profiles, description, connection),
		},
		{ id: recordedAction.readNext, label: 'Show Next Part', icon: 'arrow-right', group: 'read', when: rest, on },
		{
			...{ id: recordedAction.readFrom, label: 'Show Part From…', icon: 'history', group: 'read', when: rest, on },
			fields: [
				{
					...{ key: 'from', label: 'From', type: 'text', placeholder: '1h', required: true },
					help: 'Time since the start of the recording, such as 90s, 10min or 1.5h.',
				},
			],
		},
		{
			...{ id: recordedAction.readAgain, label: 'Read Again', icon: 'refresh', group: 'read', on },
			when: { state: 'replaced', is: true },
		},
	];
}

function replayFields(
	profiles: Services['profiles'],
	{ words, pattern }: ProtocolDescription,
	connection: string | undefined,
): Field[] {
	const saved = profiles.profiles.map(({ profile }) => profile);
	const best = saved.find(({ name }) => name === connection) ?? saved[0];
	// Without a connection, there is no form: the failure says what to do.
	if (!best) return [];
	const time = (key: string, label: string, help: string): Field => ({
		...{ key, label, help, type: 'text', placeholder: '10min', advanced: true },
	});
	return [
		{
			...{ key: 'to', label: 'Connection', type: 'choice', default: best.id },
			choices: saved.map(({ id, name, protocol, production }) => ({
				value: id,
				label: `${name} (${describe(protocol)?.label ?? protocol})${production ? ' – production' : ''}`,
			})),
		},
		{
			...{ key: 'map', label: `Change ${words.targets}`, type: 'pairs', words: ['begins with', 'becomes'] },
			help: `A ${words.target} that begins with the first text begins with the second one instead.${
				pattern ? ' One that a wildcard filter fits becomes the second text.' : ''
			} The first pair that fits counts.`,
		},
		{
			...{ key: 'pace', label: 'Pace', type: 'choice', default: 'recorded' },
			choices: [
				{ value: 'recorded', label: 'As recorded' },
				{ value: 'scaled', label: 'Faster or slower' },
				{ value: 'max', label: 'As fast as messages are acknowledged' },
			],
		},
		{
			...{ key: 'speed', label: 'Speed', type: 'number', min: 0.1, max: 100, default: 2, unit: '×' },
			when: { key: 'pace', is: ['scaled'] },
		},
		{
			...{ key: 'only', label: `Only these ${words.targets}`, type: 'text', advanced: true },
			help: `${pattern ? 'A wildcard filter, or the start' : 'The start'} of a ${words.target}.`,
		},
		time('from', 'From', 'Time since the start of the recording, such as 90s or 10min.'),
		time('until', 'Until', 'Time since the start of the recording. Messages at this time and later are left out.'),
		{
			...{ key: 'directions', label: 'Messages', type: 'choice', default: 'in', advanced: true },
			choices: [
				{ value: 'in', label: 'Received ones' },
				{ value: 'out', label: 'Sent ones' },
				{ value: 'both', label: 'Received and sent ones' },
			],
		},
		{ key: 'times', label: 'Times', type: 'number', integer: true, min: 1, max: 1_000_000, default: 1, advanced: true },
	];
}

/** A text of a field; undefined if it is empty. */
export const textOf = (value: FieldValue | undefined): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
