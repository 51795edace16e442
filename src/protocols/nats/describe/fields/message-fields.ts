import type { Field } from '../../../../model/profile/field';

/** A whole number of up to 64 bits. It is a text, because a double cannot hold all of its digits. */
export const sequence = (key: string, label: string, more: { help?: string; advanced?: boolean } = {}): Field => ({
	...{ key, label, type: 'text', pattern: '\\d{1,20}', placeholder: '0' },
	...more,
});

const headers: Field = {
	key: 'headers',
	label: 'Headers',
	type: 'pairs',
	help: 'Sent in this order; a name may occur several times.',
};

export const publishFields: readonly Field[] = [
	headers,
	{
		key: 'reply',
		label: 'Reply subject',
		type: 'text',
		help: 'Where receivers send their answer. To wait for it, send a request instead.',
		advanced: true,
	},
];

export const requestFields: readonly Field[] = [
	headers,
	{
		key: 'timeout',
		label: 'Wait for',
		type: 'number',
		min: 0.1,
		max: 300,
		unit: 's',
		default: 5,
		help: 'Time for the answers.',
	},
	{
		key: 'maxAnswers',
		label: 'Answers',
		type: 'number',
		integer: true,
		min: 1,
		max: 1000,
		default: 1,
		help: 'Waits until so many answers have arrived. With more than one, several services can answer.',
		advanced: true,
	},
];

/** Conditions and the id of a message for a stream: the headers that JetStream reads, by the keys of their fields. */
export const streamHeaders: Readonly<Record<string, string>> = {
	messageId: 'Nats-Msg-Id',
	expectedStream: 'Nats-Expected-Stream',
	expectedSequence: 'Nats-Expected-Last-Sequence',
	expectedSubjectSequence: 'Nats-Expected-Last-Subject-Sequence',
	expectedMessageId: 'Nats-Expected-Last-Msg-Id',
};

export const streamFields: readonly Field[] = [
	headers,
	{
		key: 'messageId',
		label: 'Message ID',
		type: 'text',
		help: 'The stream stores a second message with the same ID only after its duplicate window (Nats-Msg-Id).',
	},
	{
		key: 'expectedStream',
		label: 'Expected stream',
		type: 'text',
		help: 'Refused by every other stream.',
		advanced: true,
	},
	sequence('expectedSequence', 'Expected last sequence', {
		help: 'Refused unless this is the last sequence of the stream.',
		advanced: true,
	}),
	sequence('expectedSubjectSequence', 'Expected last sequence of the subject', {
		help: 'Refused unless this is the last sequence of the subject. 0: the subject has no message.',
		advanced: true,
	}),
	{ key: 'expectedMessageId', label: 'Expected last message ID', type: 'text', advanced: true },
];
