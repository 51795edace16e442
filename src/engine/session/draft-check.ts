import { fail } from '../../base/failure';
import type { Draft } from '../../model/contracts/message';
import { wrongValue } from '../../model/profile/fields';
import type { ProtocolDescription } from '../../protocols/description';

/**
 * Checks drafts against the description's verbs, so that an adapter's `prepare` gets values of the declared types.
 * Throws `bad-verb`, `bad-target` or `bad-draft`. Values without a field are left to the adapter.
 */
export function createDraftCheck({
	label,
	verbs,
}: Pick<ProtocolDescription, 'label' | 'verbs'>): (draft: Draft) => void {
	const known = new Map(
		verbs.map((verb) => [verb.id, { verb, fields: new Map(verb.fields.map((field) => [field.key, field])) }]),
	);
	return ({ verb: id, target, values }) => {
		const found = known.get(id);
		if (!found) throw fail('bad-verb', `${label} has no verb "${id}".`);
		const wrongTarget = found.verb.checkTarget(target);
		if (wrongTarget) throw fail('bad-target', wrongTarget);
		for (const key in values) {
			const field = found.fields.get(key);
			const value = values[key];
			if (!field || value === undefined || value === '') continue;
			const wrong = wrongValue(field, value);
			if (wrong) throw fail('bad-draft', `${field.label}: ${wrong}.`);
		}
	};
}
