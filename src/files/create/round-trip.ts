import { FailureError, fail } from '../../base/failure';
import type { Draft } from '../../model/contracts/message';
import { toHex } from '../../model/contracts/payload';
import { bytesListOf } from '../../model/profile/bytes-value';
import type { Values } from '../../model/profile/field';
import type { ProtocolDescription, Verb } from '../../protocols/description';
import type { ConnectionSpec } from '../run/connection';
import { planRequest } from '../run/plan/plan';
import { parse } from '../syntax/parse';
import { noEnvironment } from '../values/environments';

/**
 * Checks a printed file: parsed and planned again, it sends exactly these drafts in this order, evaluates no variable, and
 * uses the intended connection. Throws `cannot-write` with a sentence that names the first difference.
 */
export async function assertSends(
	text: string,
	drafts: readonly Draft[],
	description: ProtocolDescription,
	where: Pick<ConnectionSpec, 'profile' | 'url'>,
): Promise<void> {
	const file = parse(text);
	const [wrong] = file.diagnostics.filter(({ severity }) => severity === 'error');
	if (wrong) throw cannot(wrong.message);
	const planned: Draft[] = [];
	const refuse = (effect: string) => () => {
		throw cannot(`It would ${effect}.`);
	};
	const scope = {
		file,
		environment: noEnvironment,
		around: {
			now: refuse('use the time'),
			random: refuse('use random data'),
			env: refuse('read an environment variable'),
			dotenv: refuse('read the .env file'),
			secret: refuse('use a secret'),
		},
		result: refuse('use the result of another request'),
		hidden: new Set<string>(),
	};
	for (const section of file.sections) {
		if (!section.request) continue;
		try {
			const plan = await planRequest(file, section, {
				scope,
				describe: () => description,
				readFile: refuse('read a file'),
			});
			const { profile, url, values } = plan.connection;
			if (profile !== where.profile || url !== where.url || Object.keys(values).length > 0)
				throw cannot('It would use another connection.');
			planned.push(...plan.steps.flatMap((step) => step.drafts));
		} catch (error) {
			throw error instanceof FailureError ? cannot(error.failure.message) : error;
		}
	}
	if (planned.length !== drafts.length) throw cannot(`It would send ${planned.length} messages.`);
	for (const [at, draft] of drafts.entries()) {
		const difference = differenceOf(draft, planned[at] as Draft, description);
		if (difference) throw cannot(`The ${difference} of message ${at + 1} would change.`);
	}
}

const cannot = (why: string) =>
	fail('cannot-write', `A message file cannot hold ${why === '' ? 'this' : 'exactly this'}. ${why}`);

function differenceOf(wanted: Draft, planned: Draft, { verbs }: ProtocolDescription): string | undefined {
	const verbOf = (id: string) => verbs.find((verb) => verb.id === id);
	const verb = verbOf(wanted.verb);
	// Verbs that differ only in their targets are equivalent in a file.
	if (planned.verb !== wanted.verb && verbOf(planned.verb)?.fields !== verb?.fields) return 'way of sending';
	if (planned.target !== wanted.target) return 'target';
	if (Buffer.compare(planned.payload, wanted.payload) !== 0) return 'payload';
	const before = normalized(wanted.values, verb);
	const after = normalized(planned.values, verb);
	const key = [...before.keys(), ...after.keys()].find((one) => before.get(one) !== after.get(one));
	return key === undefined ? undefined : (verb?.fields.find((field) => field.key === key)?.label.toLowerCase() ?? key);
}

/** Values as text, without unset, empty and default ones. */
function normalized(values: Values, verb: Verb | undefined): Map<string, string> {
	const texts = new Map<string, string>();
	for (const [key, value] of Object.entries(values)) {
		if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
		const field = verb?.fields.find((one) => one.key === key);
		if (field && 'default' in field && field.default === value) continue;
		texts.set(key, field?.type === 'bytes' ? bytesListOf(value).map(toHex).join() : JSON.stringify(value));
	}
	return texts;
}
