import type { CheckRule } from '../../../src/model/checks/rule';
import { direction, type Row } from '../../../src/model/contracts/message';
import { leafPaths } from '../../../src/model/json/path';
import { parseJson } from '../../../src/model/json/value';
import type { Field, Values } from '../../../src/model/profile/field';
import { checkFields } from '../../../src/model/profile/message-checks';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { capital } from '../../base/words';
import type { PanelStore } from '../store';

/** Bytes of a payload in which fields are looked for. */
const maxBytes = 256 * 1024;
/** Fields that are offered. */
const maxPaths = 200;

export const newCheckLabel = 'Check for Replays and Gaps…';

/** Usual names of the fields; the last step of a path is compared. */
const usualNames: Readonly<Record<string, RegExp>> = {
	nonce: /nonce$/i,
	timestamp: /^(?:at|ts|time|timestamp|sent_?at|created_?at|date)$/i,
	sequence: /^(?:seq|sequence|seq_?no|sequence_?number|counter)$/i,
};

/** Whether a check can be made from a message: it was received on a target of a saved connection. */
export const canCheck = ({ recording }: PanelStore, { flags, target }: Row): boolean =>
	!recording && direction(flags) === 'in' && target !== '';

/** Opens the form of a new check of the messages on a target, with the fields of this one to choose from. */
export async function startCheck(store: PanelStore, seq: number): Promise<void> {
	const { remote, describe } = store;
	const { row, decodings, properties } = await remote.detail(seq);
	const paths = decodings.includes('json') ? await pathsIn(store, seq) : [];
	const headers = [...new Set(properties.map(({ label }) => `header ${label}`))];
	store.act({
		action: {
			...{ id: 'check', label: newCheckLabel, icon: 'shield', group: 'change', on: {} },
			fields: fieldsFor(describe, [...paths, ...headers]),
			sideEffect: `The check is saved in the settings of the connection, and the log marks ${describe.words.messages} from now on. A field is a path in the JSON body, or “header” and the name of a header.`,
		},
		values: { target: row.target, ...guess(paths) },
		run: async (values) => {
			await remote.addCheck(values as CheckRule);
			store.say(`${capital(describe.words.messages)} are checked from now on`);
		},
	});
}

async function pathsIn({ remote }: PanelStore, seq: number): Promise<string[]> {
	const { text } = await remote.decode(seq, 'json', maxBytes);
	const read = parseJson(text);
	return 'value' in read ? leafPaths(read.value, maxPaths) : [];
}

const fieldsFor = ({ subscription, words }: ProtocolDescription, suggest: readonly string[]): Field[] =>
	checkFields.map((field) => {
		if (field.key === 'target')
			return { ...field, label: capital(words.target), placeholder: subscription?.placeholder };
		return field.key === 'window' ? field : { ...field, suggest };
	});

/** Fields with usual names are filled in. */
function guess(paths: readonly string[]): Values {
	const values: Values = {};
	for (const [key, pattern] of Object.entries(usualNames)) {
		const found = paths.find((path) => pattern.test(/[^.[\]"']+(?=["'\]]*$)/.exec(path)?.[0] ?? ''));
		if (found !== undefined) values[key] = found;
	}
	return values;
}
